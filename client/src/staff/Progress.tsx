import { Alert, Button, Text } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { StatusMark } from "../actions/StatusMark";
import { Problem } from "../api/http";
import type { Replay } from "../api/types";
import { inWords } from "../page/duration";
import { held } from "../page/held";
import { useFocusHandedOn } from "../page/useFocusHandedOn";
import { useHeading } from "./heading";
import classes from "./Progress.module.css";
import { rateInWords, rateOf, restOf, type Sample, withSample } from "./pace";
import { useStopReplay } from "./queries";
import { markOf, outcomeOf } from "./replayWords";
import { countOf, whyNot } from "./sentences";

interface Props {
  replay: Replay;
  /** When the server said so (ms). */
  at: number;
}

/** How far a replay is, how fast it goes, and the way to stop it. */
export function Progress({ replay, at }: Props) {
  const { id, done, total, is_stopping } = replay;
  const stop = useStopReplay(id);
  const handOn = useFocusHandedOn(useHeading());
  const isStopping = is_stopping || stop.isPending;
  const hasFailed = stop.error && !(stop.error instanceof Problem && stop.error.status === 409);
  return (
    <div className={classes.progress}>
      <StatusMark wording={markOf(replay)} />
      <div
        role="progressbar"
        aria-label="Copies done"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        aria-valuetext={`${done} of ${total} copies`}
        className={classes.bar}
      >
        <div className={classes.done} style={{ width: `${total > 0 ? (done / total) * 100 : 0}%` }} />
      </div>
      <div className={classes.words}>
        <Text fw={600}>
          {done} of {countOf(total, "copy", "copies")}
        </Text>
        <Pace replay={replay} at={at} />
      </div>
      <Text data-differing={replay.differing || undefined} className={classes.differing}>
        {outcomeOf(replay)}
      </Text>
      {hasFailed && (
        <Alert color="red" role="alert">
          It could not be stopped. {whyNot(stop.error)}
        </Alert>
      )}
      <Button
        ref={handOn}
        variant="default"
        leftSection={<IconPlayerStop size={18} />}
        onClick={() => (isStopping ? undefined : stop.mutate())}
        {...held(isStopping)}
      >
        {isStopping ? "Stopping…" : "Stop"}
      </Button>
    </div>
  );
}

function Pace({ replay: { done, total }, at }: Pick<Props, "replay" | "at">) {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => setSamples((before) => withSample(before, { done, at })), [done, at]);
  const rate = rateOf(samples);
  if (rate === null) return null;
  const rest = total > done ? `, about ${inWords(restOf(total - done, rate))} left` : "";
  return (
    <Text size="sm" c="dimmed">
      {rateInWords(rate)}
      {rest}
    </Text>
  );
}
