import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ErrorBoundary } from "./ErrorBoundary";

function Broken(): never {
  throw new Error("the bubble burst");
}

describe("ErrorBoundary", () => {
  beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));

  it("says what happened, that nothing typed is lost, and what it was", async () => {
    const reload = vi.fn();
    vi.stubGlobal("location", { ...window.location, reload });
    render(
      <MantineProvider>
        <ErrorBoundary>
          <Broken />
        </ErrorBoundary>
      </MantineProvider>,
    );
    const page = screen.getByRole("alert");
    expect(page.textContent).toContain("This page did not work.");
    expect(page.textContent).toContain("What you typed is kept in this browser");
    expect(screen.getByText("Technical details")).toBeTruthy();
    expect(page.textContent).toContain("the bubble burst");
    await userEvent.click(screen.getByRole("button", { name: "Load again" }));
    expect(reload).toHaveBeenCalledOnce();
  });

  it("is not in the way otherwise", () => {
    render(
      <MantineProvider>
        <ErrorBoundary>All is well.</ErrorBoundary>
      </MantineProvider>,
    );
    expect(screen.getByText("All is well.")).toBeTruthy();
  });
});
