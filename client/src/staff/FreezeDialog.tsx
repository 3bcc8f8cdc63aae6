import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Link } from "react-router";
import type { Frozen } from "../api/types";
import { useAnnounce } from "../page/announce";
import classes from "./FreezeDialog.module.css";
import { type FreezeFailure, failureOf } from "./freezeFailure";
import { type Freezing, useFreeze } from "./queries";

interface Props {
  isOpen: boolean;
  open: () => void;
  close: () => void;
  /** The dialog is gone: what opened it takes the focus back. */
  onClosed: () => void;
}

/** Makes a scenario of a user's conversation. Where it is closed before that is made, what comes of it stands on the page. */
export function FreezeDialog({ isOpen, open, close, onClosed }: Props) {
  const freeze = useFreeze();
  const announce = useAnnounce();
  const [isLeft, setIsLeft] = useState(false);
  const leave = () => {
    setIsLeft(freeze.isPending);
    close();
  };
  const onGone = () => {
    if (!isLeft) freeze.reset();
    onClosed();
  };
  const submit = (freezing: Freezing) =>
    freeze.mutate(freezing, { onSuccess: ({ scenario }) => announce(addedInWords(scenario)) });
  return (
    <>
      {isLeft && !isOpen && <Left freeze={freeze} open={open} onDismissed={onClosed} />}
      <Modal
        opened={isOpen}
        onClose={leave}
        title="Freeze a conversation"
        returnFocus={false}
        onExitTransitionEnd={onGone}
      >
        {freeze.data ? (
          <Done frozen={freeze.data} close={leave} />
        ) : (
          <FreezeForm
            submit={submit}
            isPending={freeze.isPending}
            failure={freeze.error && failureOf(freeze.error)}
            close={leave}
          />
        )}
      </Modal>
    </>
  );
}

interface LeftProps {
  freeze: ReturnType<typeof useFreeze>;
  open: () => void;
  onDismissed: () => void;
}

/** What comes of a conversation whose dialog was closed meanwhile. */
function Left({ freeze, open, onDismissed }: LeftProps) {
  const { data, error, isIdle, isPending, reset } = freeze;
  if (isIdle) return null;
  if (isPending) return <Text role="status">The conversation is being frozen…</Text>;
  const dismiss = () => {
    reset();
    onDismissed();
  };
  return (
    <Alert
      color={error ? "red" : "green"}
      role={error ? "alert" : "status"}
      withCloseButton
      closeButtonLabel="Close what came of freezing"
      onClose={dismiss}
    >
      {error
        ? `The conversation was not frozen. ${failureOf(error).text}`
        : data && addedInWords(data.scenario)}{" "}
      <Button variant="default" size="xs" onClick={open}>
        {error ? "Try again" : "Show what came of it"}
      </Button>
    </Alert>
  );
}

interface FormProps {
  submit: (freezing: Freezing) => void;
  isPending: boolean;
  failure: FreezeFailure | null;
  close: () => void;
}

function FreezeForm({ submit, isPending, failure, close }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [isMissing, setIsMissing] = useState(false);
  const hint = useId();
  const wrong = isMissing ? "email" : failure?.field;
  useEffect(() => {
    if (wrong) form.current?.querySelector<HTMLInputElement>(`[name=${wrong}]`)?.focus();
  }, [wrong]);

  const read = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    send(event.currentTarget, false);
  };
  const send = (from: HTMLFormElement, replace: boolean) => {
    if (isPending) return;
    const data = new FormData(from);
    const email = String(data.get("email") ?? "").trim();
    const name = String(data.get("name") ?? "").trim();
    setIsMissing(email === "");
    if (email !== "") {
      submit({ email, name: name === "" ? null : name, real_names: data.has("real_names"), replace });
    }
  };

  return (
    <form ref={form} onSubmit={read} noValidate aria-label="Freeze a conversation">
      <Stack>
        <Text>
          A user’s conversation becomes a scenario that expects what came of it. Nothing of the user is
          changed.
        </Text>
        <TextInput
          name="email"
          type="email"
          label="Email of the user"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          maxLength={254}
          data-autofocus
          error={isMissing ? "Write the email." : failure?.field === "email" && failure.text}
        />
        <TextInput
          name="name"
          label="Name of the scenario"
          description="Where you write none, it gets one."
          autoComplete="off"
          maxLength={255}
          error={failure?.field === "name" && failure.text}
        />
        <div>
          <label className={classes.switch}>
            {/* biome-ignore lint/a11y/useAriaPropsForRole: the box itself says whether it is on */}
            <input type="checkbox" role="switch" name="real_names" aria-describedby={hint} />
            Keep real names
          </label>
          <Text size="sm" c="dimmed" id={hint}>
            Names and all that was written stay as they are; otherwise each word becomes another one.
          </Text>
        </div>
        {failure && !failure.field && (
          <Alert color="red" role="alert">
            {failure.text}
          </Alert>
        )}
        {isPending && (
          <Text size="sm" c="dimmed" role="status">
            This takes some seconds.
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {isPending ? "Leave it running" : "Cancel"}
          </Button>
          {failure?.isTaken && (
            <Button variant="default" onClick={() => form.current && send(form.current, true)}>
              Replace it
            </Button>
          )}
          <Button type="submit" loading={isPending}>
            Freeze
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Done({ frozen: { scenario, remarks }, close }: { frozen: Frozen; close: () => void }) {
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => said.current?.focus(), []);
  return (
    <Stack>
      <Text ref={said} tabIndex={-1} dir="auto" className={classes.said}>
        {addedInWords(scenario)}
      </Text>
      {remarks.length > 0 && (
        <div>
          <Text fw={600}>Remarks:</Text>
          <ul className={classes.remarks}>
            {remarks.map((remark, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines that never change, and may be the same twice
              <li key={index} dir="auto">
                {remark}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Done
        </Button>
        <Button component={Link} to={`/scenarios/${scenario.id}`}>
          Open the scenario
        </Button>
      </Group>
    </Stack>
  );
}

function addedInWords({ name }: Frozen["scenario"]): string {
  return `“${name}” was added.`;
}
