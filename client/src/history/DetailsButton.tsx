import { UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import classes from "./DetailsButton.module.css";

interface Props {
  isShown: boolean;
  toggle: () => void;
  of: string;
  controls: string;
}

export function DetailsButton({ isShown, toggle, of, controls }: Props) {
  return (
    <UnstyledButton
      className={classes.button}
      onClick={toggle}
      aria-label={`Details of ${of}`}
      aria-expanded={isShown}
      {...(isShown ? { "aria-controls": controls } : {})}
    >
      Details
      <IconChevronDown
        size={16}
        aria-hidden="true"
        className={classes.sign}
        data-shown={isShown || undefined}
      />
    </UnstyledButton>
  );
}
