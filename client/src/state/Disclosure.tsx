import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import classes from "./Disclosure.module.css";

interface DisclosureProps {
  isOpen: boolean;
  onToggle: () => void;
  more: string;
  less: string;
  /** Which of several this one belongs to, for those who cannot see it. */
  about?: string;
  controls?: string;
}

/** Shows more of something, and less of it again. */
export function Disclosure({ isOpen, onToggle, more, less, about, controls }: DisclosureProps) {
  return (
    <UnstyledButton
      className={classes.toggle}
      onClick={onToggle}
      aria-expanded={isOpen}
      aria-controls={controls}
    >
      <IconChevronDown className={classes.chevron} data-open={isOpen || undefined} size={16} aria-hidden />
      <span>{isOpen ? less : more}</span>
      {about && <VisuallyHidden>: {about}</VisuallyHidden>}
    </UnstyledButton>
  );
}
