import { useSignIn } from "../api/queries";
import { usePageTitle } from "../page/usePageTitle";
import { AccountPage, useStartEmail } from "./AccountPage";
import { CredentialsForm } from "./CredentialsForm";
import { useFailure } from "./useFailure";

export function SignInPage() {
  usePageTitle("Sign in");
  const signIn = useSignIn();
  const failure = useFailure(signIn.error);
  return (
    <AccountPage title="Sign in" other={{ question: "No account yet?", name: "Sign up", path: "/sign-up" }}>
      <CredentialsForm
        submitLabel="Sign in"
        passwordKind="current-password"
        startEmail={useStartEmail()}
        isPending={signIn.isPending}
        failure={failure}
        onSubmit={(credentials) => signIn.mutate(credentials)}
      />
    </AccountPage>
  );
}
