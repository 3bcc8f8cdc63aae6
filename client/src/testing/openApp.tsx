import { configure, render } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { vi } from "vitest";
import { App } from "../app/App";

// The pages are in files of their own, which a busy machine takes its time to read.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

/** Opens the whole client at an address. */
export function openApp(at: string) {
  vi.spyOn(window, "scrollTo").mockImplementation(() => undefined);
  window.history.replaceState(null, "", at);
  render(<App />);
  return userEvent.setup({ delay: null });
}

export function address(): string {
  return window.location.pathname + window.location.search;
}
