import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { configure, render } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { vi } from "vitest";
import { useSession } from "../api/queries";
import { LiveProvider } from "../live/LiveProvider";
import { FakeApi } from "./fakeApi";
import { FakeStreams } from "./fakeStreams";

// A busy machine takes its time.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

/** Renders what is inside a signed-in page, with a server whose answers and event stream the test is in charge of. */
export function renderLive(inside: ReactNode, answers?: ConstructorParameters<typeof FakeApi>[0]) {
  const api = new FakeApi(answers);
  const answer = fetch;
  const streams = new FakeStreams();
  const stream = fetch;
  vi.stubGlobal("fetch", (url: string, init?: RequestInit) =>
    url.includes("/events") ? stream(url, init) : Promise.race([answer(url, init), cut(init?.signal)]),
  );
  const client = new QueryClient();
  const { unmount } = render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <SignedIn>{inside}</SignedIn>
      </QueryClientProvider>
    </StrictMode>,
  );
  return { api, streams, client, unmount };
}

/** Fails once the page gives the request up, as `fetch` does. */
function cut(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(new DOMException("cut", "AbortError")), { once: true });
  });
}

function SignedIn({ children }: { children: ReactNode }) {
  const user = useSession().data?.user;
  if (!user) return user === null ? "Signed out." : "…";
  return (
    <LiveProvider userId={user.id} key={user.id}>
      {children}
    </LiveProvider>
  );
}

/** An answer that is as of a cursor. */
export function asOf(cursor: number, response: Response): Response {
  response.headers.set("Events-Cursor", String(cursor));
  return response;
}
