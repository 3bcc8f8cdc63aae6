import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { STATUS_WORDS } from "../actions/statusWords";
import type { ActionFilter } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import { ACTION_TYPE_LABELS } from "../enums/actionType";
import classes from "./Filters.module.css";
import { type FilterChange, MAX_TEXT } from "./filter";

const PAUSE_MS = 300;

const TYPES = [
  { value: "", label: "Every type" },
  ...Object.entries(ACTION_TYPE_LABELS).map(([value, label]) => ({ value, label })),
];

const STATUSES = [
  { value: "", label: "Every status" },
  ...Object.values(ActionStatus).map((value) => ({ value, label: STATUS_WORDS[value] })),
];

interface Props {
  filter: ActionFilter;
  change: (change: FilterChange) => void;
  showAll: () => void;
}

export function Filters({ filter, change, showAll }: Props) {
  const isFiltered = Object.keys(filter).length > 0;
  const [typed, type] = useTyped(filter.q ?? "", (q) => change({ q }));
  return (
    <search className={classes.filters} aria-label="Filter the history">
      <TextInput
        className={classes.text}
        type="search"
        label="Text"
        placeholder="A word of what was done"
        leftSection={<IconSearch size={18} aria-hidden="true" />}
        maxLength={MAX_TEXT}
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
      />
      <NativeSelect
        label="Type"
        data={TYPES}
        value={filter.action_type ?? ""}
        onChange={(event) => change({ action_type: event.currentTarget.value })}
      />
      <NativeSelect
        label="Status"
        data={STATUSES}
        value={filter.status ?? ""}
        onChange={(event) => change({ status: event.currentTarget.value })}
      />
      {isFiltered && (
        <Button
          variant="subtle"
          className={classes.clear}
          onClick={() => {
            type("");
            showAll();
          }}
        >
          Clear
        </Button>
      )}
    </search>
  );
}

/** What is typed is told after a short pause; where the address changes by itself, it takes the place of the text. */
function useTyped(q: string, change: (q: string) => void): [string, (text: string) => void] {
  const [typed, setTyped] = useState(q);
  const told = useRef(q);
  const tellLater = useDebouncedCallback((text: string) => {
    told.current = text.trim();
    change(text);
  }, PAUSE_MS);
  useEffect(() => {
    if (q === told.current) return;
    told.current = q;
    setTyped(q);
  }, [q]);
  const type = (text: string) => {
    setTyped(text);
    tellLater(text);
  };
  return [typed, type];
}
