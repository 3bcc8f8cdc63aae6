import { useSignUp } from "../api/queries";
import { usePageTitle } from "../page/usePageTitle";
import { AccountPage, ToAccountPage, useStartEmail } from "./AccountPage";
import { CredentialsForm } from "./CredentialsForm";
import { useFailure } from "./useFailure";

export function SignUpPage() {
  usePageTitle("Sign up");
  const signUp = useSignUp();
  const failure = useFailure(signUp.error);
  const email = signUp.variables?.email;
  return (
    <AccountPage
      title="Sign up"
      other={{ question: "Have an account already?", name: "Sign in", path: "/sign-in" }}
    >
      <CredentialsForm
        submitLabel="Sign up"
        passwordKind="new-password"
        passwordHint="At least eight characters. A few words that only you would put together are good."
        startEmail={useStartEmail()}
        isPending={signUp.isPending}
        failure={failure}
        wayOut={
          failure?.isTaken && (
            <ToAccountPage path="/sign-in" {...(email ? { email } : {})}>
              Sign in instead
            </ToAccountPage>
          )
        }
        onSubmit={(credentials) => signUp.mutate(credentials)}
      />
    </AccountPage>
  );
}
