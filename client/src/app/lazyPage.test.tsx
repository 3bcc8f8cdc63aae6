import { MantineProvider } from "@mantine/core";
import { configure, render, screen, waitFor } from "@testing-library/react";
import { Suspense } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ErrorBoundary } from "./ErrorBoundary";
import { lazyPage } from "./lazyPage";

// A busy machine takes its time.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

const gone = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

function show(load: Parameters<typeof lazyPage>[0]) {
  const Page = lazyPage(load);
  render(
    <MantineProvider>
      <ErrorBoundary>
        <Suspense fallback="Loading">
          <Page />
        </Suspense>
      </ErrorBoundary>
    </MantineProvider>,
  );
}

describe("a page in a file of its own", () => {
  const reload = vi.fn();

  beforeEach(() => {
    sessionStorage.clear();
    reload.mockReset();
    vi.stubGlobal("location", { ...window.location, reload });
    vi.spyOn(console, "error").mockImplementation(() => undefined);
  });

  it("is shown once it is there", async () => {
    show(async () => () => "Here I am.");
    expect(await screen.findByText("Here I am.")).toBeTruthy();
    expect(reload).not.toHaveBeenCalled();
  });

  it("is loaded anew where its file is gone, without an error in between", async () => {
    show(gone);
    await waitFor(() => expect(reload).toHaveBeenCalledOnce());
    expect(screen.getByText("Loading")).toBeTruthy();
  });

  it("is not loaded anew for ever", async () => {
    show(gone);
    await waitFor(() => expect(reload).toHaveBeenCalledOnce());
    show(gone);
    expect(await screen.findByText("This page did not work.")).toBeTruthy();
    expect(reload).toHaveBeenCalledOnce();
  });
});
