import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useNavigate } from "react-router";
import type { Scenario } from "../api/types";
import { useAnnounce } from "../page/announce";
import { useDeleteScenario } from "./queries";
import { isGone, whyNot } from "./sentences";

interface Props {
  scenario: Scenario;
  isOpen: boolean;
  close: () => void;
  /** The dialog is gone: what opened it takes the focus back. */
  onClosed: () => void;
}

/** Asks before a scenario is deleted. */
export function DeleteScenario({ scenario: { id, name }, isOpen, close, onClosed }: Props) {
  const deletion = useDeleteScenario();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const leave = () => {
    announce(`“${name}” was deleted.`);
    void navigate("/scenarios", { replace: true });
  };
  // What is under way cannot be kept any more: its end is waited for, and told.
  const keep = () => {
    if (!deletion.isPending) close();
  };
  const onGone = () => {
    deletion.reset();
    onClosed();
  };
  // Somebody else was faster: it is what was wanted.
  const onError = (error: Error) => isGone(error) && leave();
  return (
    <Modal
      opened={isOpen}
      onClose={keep}
      title="Delete the scenario?"
      returnFocus={false}
      onExitTransitionEnd={onGone}
    >
      <Stack>
        <Text>
          “<bdi>{name}</bdi>” is taken out of the list, and cannot be brought back. Its past replays are kept.
          To keep its file, download it first.
        </Text>
        {deletion.error && !isGone(deletion.error) && (
          <Alert color="red" role="alert">
            It could not be deleted. {whyNot(deletion.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={keep} aria-disabled={deletion.isPending} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            loading={deletion.isPending}
            onClick={() => deletion.mutate(id, { onSuccess: leave, onError })}
          >
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
