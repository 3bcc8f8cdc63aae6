import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { askSession, requestAs } from "../api/account";
import { Problem, type RequestOptions } from "../api/http";
import { useUserId } from "../api/userId";

/** Where staff ask the API. */
export const ADMIN = "/admin";

export type Ask = <T>(method: string, path: string, options?: RequestOptions) => Promise<T>;

/** Asks as the signed-in member of staff. Where they are none any more, or signed out, the page learns so. */
export function useAsk(): Ask {
  const client = useQueryClient();
  const userId = useUserId();
  return useCallback(
    async <T>(method: string, path: string, options?: RequestOptions) => {
      try {
        return (await requestAs<T>(client, userId, method, ADMIN + path, options)).data;
      } catch (error) {
        if (error instanceof Problem && (error.status === 401 || error.status === 403)) askSession(client);
        throw error;
      }
    },
    [client, userId],
  );
}
