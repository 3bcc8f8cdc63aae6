import { VisuallyHidden } from "@mantine/core";
import { useSession } from "../api/queries";
import type { User } from "../api/types";
import { usePageTitle } from "../page/usePageTitle";
import { StateBeside, StateInDrawer, useIsWide } from "./Beside";
import classes from "./ChatPage.module.css";
import { Conversation } from "./Conversation";
import { OfflineCoachBanner, RecordedSessionBanner } from "./OfflineCoachBanner";

/** The conversation with the coach, and beside it what comes of it. */
export function ChatPage({ user }: { user: User }) {
  usePageTitle("Chat");
  const isWide = useIsWide();
  const provider = useSession().data?.coach.provider;
  return (
    <div className={classes.page}>
      <section className={classes.chat} aria-labelledby="chat-heading">
        <VisuallyHidden component="h1" id="chat-heading">
          Chat with your coach
        </VisuallyHidden>
        {provider === "offline" && <OfflineCoachBanner />}
        {provider === "scripted" && <RecordedSessionBanner />}
        {!isWide && <StateInDrawer />}
        <Conversation userId={user.id} />
      </section>
      {isWide && <StateBeside />}
    </div>
  );
}
