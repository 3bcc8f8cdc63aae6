import { Button, CloseButton, Title } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClock,
  IconCloudOff,
  IconLoader2,
  IconReplace,
} from "@tabler/icons-react";
import { useId, useRef } from "react";
import { Link } from "react-router";
import { StatusMark } from "../actions/StatusMark";
import type { Wording } from "../actions/wording";
import { useFocusHandedOn } from "../page/useFocusHandedOn";
import classes from "./UploadOutcomes.module.css";
import type { Outcome } from "./upload";
import type { Upload, Uploads } from "./useUploads";

const MARKS: Readonly<Record<Outcome["kind"], Wording>> = {
  waiting: { icon: IconClock, tone: "waiting", label: "Waiting", detail: "" },
  sending: { icon: IconLoader2, tone: "working", label: "Being sent", detail: "" },
  added: { icon: IconCircleCheck, tone: "good", label: "Added", detail: "" },
  replaced: { icon: IconReplace, tone: "good", label: "Replaced", detail: "" },
  taken: { icon: IconAlertTriangle, tone: "heed", label: "The name is taken", detail: "" },
  refused: { icon: IconBan, tone: "bad", label: "Refused", detail: "" },
  unsent: { icon: IconCloudOff, tone: "bad", label: "Not sent", detail: "" },
};

interface Props {
  uploads: Uploads;
  /** The list is taken away: what has the focus then. */
  onClose: () => void;
}

/** What became of each file that was uploaded. */
export function UploadOutcomes({ uploads, onClose }: Props) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const taken = uploads.all.filter(({ outcome }) => outcome.kind === "taken");
  const unsent = uploads.all.filter(({ outcome }) => outcome.kind === "unsent");
  const handOn = useFocusHandedOn(heading);
  if (uploads.all.length === 0) return null;
  const close = () => {
    uploads.clear();
    onClose();
  };
  return (
    <section className={classes.uploads} aria-labelledby={id}>
      <div className={classes.head}>
        <Title order={2} size="h5" id={id} ref={heading} tabIndex={-1} className={classes.heading}>
          Uploaded files
        </Title>
        {uploads.areOver && (
          <CloseButton ref={handOn} aria-label="Close the list of uploaded files" onClick={close} />
        )}
      </div>
      <ul className={classes.files}>
        {uploads.all.map((one) => (
          <FileRow key={one.key} upload={one} uploads={uploads} handOn={handOn} />
        ))}
      </ul>
      {taken.length > 1 && (
        <Button ref={handOn} variant="default" size="xs" onClick={() => uploads.replace(taken)}>
          Replace all {taken.length}
        </Button>
      )}
      {unsent.length > 1 && (
        <Button ref={handOn} variant="default" size="xs" onClick={() => uploads.again(unsent)}>
          Send all {unsent.length} again
        </Button>
      )}
    </section>
  );
}

interface FileRowProps {
  upload: Upload;
  uploads: Uploads;
  handOn: ReturnType<typeof useFocusHandedOn>;
}

function FileRow({ upload, uploads, handOn }: FileRowProps) {
  const { file, outcome } = upload;
  return (
    <li className={classes.file} data-outcome={outcome.kind}>
      <div className={classes.line}>
        <bdi className={classes.name}>{file.name}</bdi>
        <StatusMark wording={MARKS[outcome.kind]} />
        {"scenario" in outcome && (
          <Link to={`/scenarios/${outcome.scenario.id}`} className={classes.link}>
            <bdi>{outcome.scenario.name}</bdi>
          </Link>
        )}
        {outcome.kind === "taken" && (
          <Button
            ref={handOn}
            variant="default"
            size="compact-sm"
            onClick={() => uploads.replace([upload])}
            aria-label={`Replace the scenario with ${file.name}`}
          >
            Replace
          </Button>
        )}
        {outcome.kind === "unsent" && (
          <Button
            ref={handOn}
            variant="default"
            size="compact-sm"
            onClick={() => uploads.again([upload])}
            aria-label={`Send ${file.name} again`}
          >
            Send again
          </Button>
        )}
      </div>
      {"lines" in outcome && (
        <ul className={classes.lines}>
          {outcome.lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines that never change, and may be the same twice
            <li key={index} dir="auto">
              {line}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
