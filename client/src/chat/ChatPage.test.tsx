import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { useSession, useUserState } from "../api/queries";
import { useRecentChanges } from "../live/LiveProvider";
import { show } from "../testing/show";
import { ChatPage } from "./ChatPage";

vi.mock("../api/queries");
vi.mock("../live/LiveProvider");
vi.mock("../state/StatePanel", () => ({ StatePanel: () => <p>Phase 1 of 10</p> }));
vi.mock("./Conversation", () => ({ Conversation: () => null }));

const USER = { id: "u", email: "sam@example.org", is_staff: false };

function coachIs(provider: string) {
  vi.mocked(useSession as () => unknown).mockReturnValue({ data: { user: USER, coach: { provider } } });
}

function screenIs(wide: boolean) {
  vi.spyOn(window, "matchMedia").mockImplementation((media) =>
    Object.assign(new EventTarget(), {
      media,
      matches: wide && media.includes("min-width"),
      onchange: null,
      addListener: () => undefined,
      removeListener: () => undefined,
    }),
  );
}

beforeEach(() => {
  vi.mocked(useRecentChanges).mockReturnValue([]);
  coachIs("openai");
  vi.mocked(useUserState as () => unknown).mockReturnValue({
    data: { coach_state: { current_phase: "identity_brainstorming" } },
  });
});

test("the page has its heading", () => {
  show(<ChatPage user={USER} />);
  expect(screen.getByRole("heading", { level: 1, name: "Chat with your coach" })).toBeTruthy();
});

test("the banner is there while the offline coach is at work, and only then", () => {
  const { unmount } = show(<ChatPage user={USER} />);
  expect(screen.queryByText(/offline coach/)).toBeNull();
  unmount();
  coachIs("offline");
  show(<ChatPage user={USER} />);
  expect(screen.getByText(/offline coach/)).toBeTruthy();
});

test("the page says so while a recorded session is played, and only then", () => {
  const { unmount } = show(<ChatPage user={USER} />);
  expect(screen.queryByText(/recorded session/)).toBeNull();
  unmount();
  coachIs("scripted");
  show(<ChatPage user={USER} />);
  expect(screen.getByText(/recorded session/)).toBeTruthy();
  expect(screen.queryByText(/offline coach/)).toBeNull();
});

test("where there is room the state stands beside the chat", () => {
  screenIs(true);
  show(<ChatPage user={USER} />);
  const beside = screen.getByRole("complementary", { name: "Your progress" });
  expect(within(beside).getByText("Phase 1 of 10")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Your progress" })).toBeNull();
});

test("where there is none it opens in a drawer, which Escape closes", async () => {
  screenIs(false);
  show(<ChatPage user={USER} />);
  expect(screen.queryByText("Phase 1 of 10")).toBeNull();
  expect(screen.getByText(/Phase 4 of 10/).textContent).toBe("Phase 4 of 10: Identity Brainstorming");
  const button = screen.getByRole("button", { name: "Your progress" });
  await userEvent.click(button);
  const drawer = screen.getByRole("dialog", { name: "Your progress" });
  expect(within(drawer).getByText("Phase 1 of 10")).toBeTruthy();
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
});
