import type { QueryClient } from "@tanstack/react-query";
import { type Answer, csrfToken, type RequestOptions, request } from "./http";
import { keys } from "./keys";
import type { SessionState } from "./types";

/**
 * Who is signed in, as the page knows it. `mark` is the CSRF cookie of that moment: every sign-in sets another one, in
 * whichever tab it happens, so as long as the cookie equals the mark, the browser's session is this page's user's.
 */
export interface Session extends SessionState {
  mark: string;
}

/** Someone has signed in or out in another tab: the server would take this page's requests for theirs. */
export class AccountChanged extends Error {
  override readonly name = "AccountChanged";
}

/** Asks the API as this user, and no other. Throws `AccountChanged` beside what `request` throws. */
export async function requestAs<T>(
  client: QueryClient,
  userId: string,
  method: string,
  path: string,
  options?: RequestOptions,
): Promise<Answer<T>> {
  checkAccount(client, userId);
  const answer = await request<T>(method, path, options);
  checkAccount(client, userId);
  return answer;
}

function checkAccount(client: QueryClient, userId: string): void {
  if (isOwnSession(client, userId)) return;
  askSession(client);
  throw new AccountChanged("Another account is signed in to now.");
}

/** Whether the browser is still signed in as this user. */
export function isOwnSession(client: QueryClient, userId: string): boolean {
  const session = client.getQueryData<Session>(keys.session);
  return session?.user?.id === userId && session.mark === csrfToken();
}

/** Asks who is signed in, once, however many want to know. */
export function askSession(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: keys.session }, { cancelRefetch: false });
}

/** Asks who is signed in; anew, where somebody signs in at this very moment. */
export async function fetchSession(): Promise<Session> {
  const before = csrfToken();
  const { data } = await request<SessionState>("GET", "/auth/session");
  const mark = csrfToken();
  return before === "" || before === mark ? { ...data, mark } : fetchSession();
}

const CHANNEL = "coach-account";

/** Lets the other tabs of this browser know that someone signed in or out. */
export function tellOtherTabs(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(null);
  channel.close();
}

/** Calls `listener` when someone signs in or out in another tab; answers how to stop that. */
export function onOtherTabs(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = listener;
  return () => channel.close();
}
