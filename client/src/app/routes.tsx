import { Navigate, Route, Routes } from "react-router";
import type { User } from "../api/types";
import { useAskedPath } from "../page/askedPath";
import { lazyPage } from "./lazyPage";
import { NotFound } from "./NotFound";

const loadChat = async () => (await import("../chat/ChatPage")).ChatPage;
// Fetched while the server says who is signed in, for the chat is what most come for; a failure is met where it is shown.
loadChat().catch(() => undefined);

const ChatPage = lazyPage(loadChat);
const HistoryPage = lazyPage(async () => (await import("../history/HistoryPage")).HistoryPage);
const ScenariosPage = lazyPage(async () => (await import("../staff/pages")).ScenariosPage);
const ScenarioPage = lazyPage(async () => (await import("../staff/pages")).ScenarioPage);
const ReplaysPage = lazyPage(async () => (await import("../staff/pages")).ReplaysPage);
const ReplayPage = lazyPage(async () => (await import("../staff/pages")).ReplayPage);
const WelcomePage = lazyPage(async () => (await import("../account/WelcomePage")).WelcomePage);
const SignInPage = lazyPage(async () => (await import("../account/SignInPage")).SignInPage);
const SignUpPage = lazyPage(async () => (await import("../account/SignUpPage")).SignUpPage);

const STAFF_PAGES = (
  <>
    <Route path="/scenarios" element={<ScenariosPage />} />
    <Route path="/scenarios/:id" element={<ScenarioPage />} />
    <Route path="/replays" element={<ReplaysPage />} />
    <Route path="/replays/:id" element={<ReplayPage />} />
  </>
);

/** What someone who is signed in may see. */
export function PagesOf({ user }: { user: User }) {
  return (
    <Routes>
      <Route path="/" element={<ChatPage user={user} />} />
      <Route path="/history" element={<HistoryPage />} />
      {user.is_staff && STAFF_PAGES}
      <Route path="/sign-in" element={<ToAskedPath />} />
      <Route path="/sign-up" element={<ToAskedPath />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

/** What everyone may see. Another page's address is kept, and opened after signing in. */
export function PublicPages({ wasSignedIn }: { wasSignedIn: boolean }) {
  const welcome = <WelcomePage wasSignedIn={wasSignedIn} />;
  return (
    <Routes>
      <Route path="/" element={welcome} />
      <Route path="/history" element={welcome} />
      <Route path="/scenarios" element={welcome} />
      <Route path="/scenarios/:id" element={welcome} />
      <Route path="/replays" element={welcome} />
      <Route path="/replays/:id" element={welcome} />
      <Route path="/sign-in" element={<SignInPage />} />
      <Route path="/sign-up" element={<SignUpPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

function ToAskedPath() {
  return <Navigate to={useAskedPath()} replace />;
}
