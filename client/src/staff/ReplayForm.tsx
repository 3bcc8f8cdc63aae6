import { Alert, Button, TextInput } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { type FormEvent, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import { Problem } from "../api/http";
import { MOST_AT_ONCE, MOST_COPIES, readCopies } from "./copies";
import { useStartReplay } from "./queries";
import classes from "./ReplayForm.module.css";
import { whyNot } from "./sentences";

interface Props {
  /** The scenarios that are to be replayed. */
  ids: readonly string[];
  startCopies?: number;
  /** The scenarios are chosen on this page: how many are is said. */
  counts?: boolean;
}

/** Starts a replay, and leads to it. */
export function ReplayForm({ ids, startCopies = 1, counts = false }: Props) {
  const [written, setWritten] = useState(String(startCopies));
  const [isTried, setIsTried] = useState(false);
  const start = useStartReplay();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const copies = readCopies(written);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (start.isPending) return;
    start.reset();
    setIsTried(true);
    if (copies === null) field.current?.focus();
    if (copies === null || whatIsWrong(ids)) return;
    const onSuccess = ({ id }: { id: string }) => void navigate(`/replays/${id}`);
    start.mutate({ scenario_ids: [...ids], copies }, { onSuccess });
  };

  const failure = (isTried ? whatIsWrong(ids) : null) ?? (start.error && whyNot(start.error));
  return (
    <form onSubmit={submit} noValidate className={classes.form} aria-label="Replay">
      <TextInput
        ref={field}
        classNames={{ root: classes.copies, input: classes.number, error: classes.error }}
        type="number"
        inputMode="numeric"
        label="Copies"
        min={1}
        max={MOST_COPIES}
        value={written}
        onChange={(event) => setWritten(event.currentTarget.value)}
        error={copies === null && `A whole number from 1 to ${MOST_COPIES}.`}
      />
      <Button type="submit" leftSection={<IconPlayerPlay size={18} />} loading={start.isPending}>
        {counts && ids.length > 0 ? `Replay ${ids.length}` : "Replay"}
      </Button>
      {failure && (
        <Alert color="red" role="alert" className={classes.failure}>
          {failure}
          {start.error instanceof Problem && start.error.status === 409 && (
            <>
              {" "}
              <Link to="/replays" className={classes.link}>
                Show the replays
              </Link>
            </>
          )}
        </Alert>
      )}
    </form>
  );
}

function whatIsWrong(ids: readonly string[]): string | null {
  if (ids.length === 0) return "Choose at least one scenario.";
  return ids.length > MOST_AT_ONCE ? `At most ${MOST_AT_ONCE} scenarios can be replayed at once.` : null;
}
