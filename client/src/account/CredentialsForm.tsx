import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { Failure, Field } from "./failures";

export interface Credentials {
  email: string;
  password: string;
}

interface Props {
  submitLabel: string;
  /** What a password manager is told of the password. */
  passwordKind: "current-password" | "new-password";
  passwordHint?: string;
  startEmail: string;
  isPending: boolean;
  failure: Failure | null;
  /** Stands below what went wrong, where there is a way out. */
  wayOut?: ReactNode;
  onSubmit: (credentials: Credentials) => void;
}

/** The form of signing in and of signing up: an email and a password, each with what is wrong about it. */
export function CredentialsForm(props: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState<Failure["fields"]>({});
  const wrong = { ...props.failure?.fields, ...missing };
  useFocusOnFirst(form, wrong);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (props.isPending) return;
    const credentials = read(event.currentTarget);
    const found = missingIn(credentials);
    setMissing(found);
    if (Object.keys(found).length === 0) props.onSubmit(credentials);
  };

  return (
    <form ref={form} onSubmit={submit} noValidate aria-label={props.submitLabel}>
      <Stack>
        <TextInput
          name="email"
          type="email"
          label="Email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          size="md"
          required
          withAsterisk={false}
          maxLength={254}
          defaultValue={props.startEmail}
          error={wrong.email}
          autoFocus={!props.startEmail}
        />
        <PasswordInput
          name="password"
          label="Password"
          description={props.passwordHint}
          autoComplete={props.passwordKind}
          size="md"
          required
          withAsterisk={false}
          maxLength={1024}
          error={wrong.password}
          aria-invalid={Boolean(wrong.password)}
          autoFocus={Boolean(props.startEmail)}
          visibilityToggleFocusable
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
        />
        {props.failure?.text && (
          <Alert color="red" role="alert" icon={<IconAlertCircle />}>
            {props.failure.text} {props.wayOut}
          </Alert>
        )}
        <Button type="submit" size="md" loading={props.isPending}>
          {props.submitLabel}
        </Button>
      </Stack>
    </form>
  );
}

/** What stands in the form itself: a password manager may fill it without an event that React hears. */
function read(form: HTMLFormElement): Credentials {
  const data = new FormData(form);
  return { email: String(data.get("email") ?? "").trim(), password: String(data.get("password") ?? "") };
}

function missingIn({ email, password }: Credentials): Failure["fields"] {
  return {
    ...(email ? {} : { email: "Write your email." }),
    ...(password ? {} : { password: "Write your password." }),
  };
}

function useFocusOnFirst(form: React.RefObject<HTMLFormElement | null>, wrong: Failure["fields"]): void {
  const first: Field | null = wrong.email ? "email" : wrong.password ? "password" : null;
  const words = first && wrong[first];
  useEffect(() => {
    if (first && words) form.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
  }, [form, first, words]);
}
