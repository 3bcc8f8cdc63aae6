import { Alert, Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useNavigate } from "react-router";
import { useResetChat } from "../api/queries";
import { useAnnounce } from "../page/announce";

interface Props {
  isOpen: boolean;
  close: () => void;
  /** The dialog is gone: what opened it takes the focus back. */
  onClosed: () => void;
}

/** Asks before everything is cleared, and says what is lost and what is kept. */
export function ResetChat({ isOpen, close, onClosed }: Props) {
  const reset = useResetChat();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const onSuccess = () => {
    close();
    announce("The chat was reset.");
    void navigate("/");
  };
  const onGone = () => {
    reset.reset();
    onClosed();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title="Reset the chat?"
      returnFocus={false}
      onExitTransitionEnd={onGone}
    >
      <Stack>
        <div>
          <Text fw={600}>This is lost, and cannot be brought back:</Text>
          <List>
            <List.Item>the conversation, and where you are in the coaching,</List.Item>
            <List.Item>your identities, and the notes that the coach keeps,</List.Item>
            <List.Item>what is still waiting to be done: it is cancelled.</List.Item>
          </List>
        </div>
        <div>
          <Text fw={600}>This is kept:</Text>
          <List>
            <List.Item>your account,</List.Item>
            <List.Item>the history: every action stays listed there, without its message.</List.Item>
          </List>
        </div>
        {reset.isError && (
          <Alert color="red" role="alert">
            The chat could not be reset just now. Please try again.
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            Keep everything
          </Button>
          <Button
            color="red"
            loading={reset.isPending}
            onClick={() => reset.mutate(undefined, { onSuccess })}
          >
            Reset the chat
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
