import { createContext, useContext } from "react";

/** Whose page this is. */
export const UserId = createContext("");

export function useUserId(): string {
  return useContext(UserId);
}
