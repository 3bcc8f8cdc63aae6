import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { askSession, requestAs } from "../api/account";
import { type Answer, Problem, type RequestOptions } from "../api/http";
import { useUserId } from "../api/userId";

/** Where staff ask the API. */
export const ADMIN = "/admin";

export type Request = <T>(method: string, path: string, options?: RequestOptions) => Promise<Answer<T>>;

export type Ask = <T>(method: string, path: string, options?: RequestOptions) => Promise<T>;

/** Asks as the signed-in member of staff. Where they are none any more, or signed out, the page learns so. */
export function useRequest(): Request {
  const client = useQueryClient();
  const userId = useUserId();
  return useCallback(
    async <T>(method: string, path: string, options?: RequestOptions) => {
      try {
        return await requestAs<T>(client, userId, method, ADMIN + path, options);
      } catch (error) {
        if (error instanceof Problem && (error.status === 401 || error.status === 403)) askSession(client);
        throw error;
      }
    },
    [client, userId],
  );
}

/** The same, for those who want the data alone. */
export function useAsk(): Ask {
  const request = useRequest();
  return useCallback(
    async <T>(method: string, path: string, options?: RequestOptions) =>
      (await request<T>(method, path, options)).data,
    [request],
  );
}
