import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSnowflake, IconUpload } from "@tabler/icons-react";
import { useRef } from "react";
import { Fetched } from "./Fetched";
import { FreezeDialog } from "./FreezeDialog";
import { Library } from "./Library";
import { useScenarios } from "./queries";
import classes from "./ScenariosPage.module.css";
import { StaffPage } from "./StaffPage";
import { UploadOutcomes } from "./UploadOutcomes";
import { useDroppedFiles } from "./useDroppedFiles";
import { type Uploads, useUploads } from "./useUploads";

/** All scenarios: to add some, to look at one, to replay several. */
export function ScenariosPage() {
  const query = useScenarios();
  const uploads = useUploads();
  const isOver = useDroppedFiles(uploads.add);
  const uploadButton = useRef<HTMLButtonElement>(null);
  const freezeButton = useRef<HTMLButtonElement>(null);
  const [isFreezing, freezing] = useDisclosure(false);
  return (
    <StaffPage title="Scenarios">
      <Text c="dimmed">Conversations that can be replayed, each with what must come of it.</Text>
      <Group gap="sm">
        <UploadButton uploads={uploads} buttonRef={uploadButton} />
        <Button
          ref={freezeButton}
          variant="default"
          leftSection={<IconSnowflake size={18} />}
          onClick={freezing.open}
        >
          Freeze a conversation…
        </Button>
      </Group>
      <UploadOutcomes uploads={uploads} onClose={() => uploadButton.current?.focus()} />
      <FreezeDialog
        isOpen={isFreezing}
        open={freezing.open}
        close={freezing.close}
        onClosed={() => freezeButton.current?.focus()}
      />
      <Fetched what="The scenarios" data={query.data} query={query}>
        {(scenarios) => (scenarios.length > 0 ? <Library scenarios={scenarios} /> : <NoneYet />)}
      </Fetched>
      {isOver && (
        <div className={classes.drop} aria-hidden="true">
          <IconUpload size={40} stroke={1.6} />
          Drop the files to upload them.
        </div>
      )}
    </StaffPage>
  );
}

interface UploadButtonProps {
  uploads: Uploads;
  buttonRef: React.RefObject<HTMLButtonElement | null>;
}

function UploadButton({ uploads, buttonRef }: UploadButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button ref={buttonRef} leftSection={<IconUpload size={18} />} onClick={() => input.current?.click()}>
        Upload
      </Button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        multiple
        hidden
        aria-label="Scenario files"
        onChange={({ currentTarget }) => {
          uploads.add([...(currentTarget.files ?? [])]);
          // Else the same file, mended, could not be chosen again.
          currentTarget.value = "";
        }}
      />
    </>
  );
}

function NoneYet() {
  return (
    <div className={classes.none}>
      <Text fw={600}>There are no scenarios yet.</Text>
      <Text c="dimmed">
        A scenario is a conversation in a file: what the user and the coach say, what the coach does, and what
        must have come of it in the end. Replayed, it shows whether everything still works as it should.
      </Text>
      <Text c="dimmed">
        To begin, upload the files of the project’s <code>scenarios</code> directory, or drop them here. Or
        freeze the conversation of a user.
      </Text>
    </div>
  );
}
