import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { BrowserRouter } from "react-router";
import { useSession } from "../api/queries";
import { LiveProvider } from "../live/LiveProvider";
import { Announcer } from "../page/announce";
import { Loading } from "../page/Loading";
import { ErrorBoundary } from "./ErrorBoundary";
import { PagesOf, PublicPages } from "./routes";
import { Shell } from "./Shell";
import { colorSchemes, cssVariables, theme } from "./theme";
import { Unreachable } from "./Unreachable";
import { useFocusOnChangeOf } from "./useFocusOnChangeOf";

export function App() {
  const [queryClient] = useState(() => new QueryClient());
  return (
    <MantineProvider
      theme={theme}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      cssVariablesResolver={cssVariables}
    >
      <ErrorBoundary>
        <QueryClientProvider client={queryClient}>
          <BrowserRouter>
            <Announcer>
              <Session />
            </Announcer>
          </BrowserRouter>
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  );
}

function Session() {
  const session = useSession();
  const isSignedIn = Boolean(session.data?.user);
  const [wasSignedIn, setWasSignedIn] = useState(isSignedIn);
  if (isSignedIn && !wasSignedIn) setWasSignedIn(true);
  useFocusOnChangeOf(session.data && (session.data.user?.id ?? null));
  if (!session.data) {
    const tryAgain = () => void session.refetch();
    return session.errorUpdateCount > 0 ? (
      <Unreachable tryAgain={tryAgain} isTrying={session.isFetching} />
    ) : (
      <Loading />
    );
  }
  const { user } = session.data;
  if (user === null) {
    return (
      <Shell session={session.data}>
        <PublicPages wasSignedIn={wasSignedIn} />
      </Shell>
    );
  }
  return (
    <LiveProvider userId={user.id} key={user.id}>
      <Shell session={session.data}>
        <PagesOf user={user} />
      </Shell>
    </LiveProvider>
  );
}
