import { useEffect, useMemo } from "react";
import { Problem } from "../api/http";
import { useSession } from "../api/queries";
import { type Failure, failureOf } from "./failures";

/** What an error of signing in or up means; one of CSRF fetches the session anew, and with it the token. */
export function useFailure(error: unknown): Failure | null {
  const { refetch } = useSession();
  useEffect(() => {
    if (error instanceof Problem && error.status === 403) void refetch();
  }, [error, refetch]);
  return useMemo(() => (error ? failureOf(error, new Date()) : null), [error]);
}
