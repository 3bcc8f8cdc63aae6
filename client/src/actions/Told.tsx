import { Fragment } from "react";

/**
 * A sentence of ours. What it quotes of a user's words keeps its direction to itself: a right-to-left name would draw
 * the words after it to its own side.
 */
export function Told({ text }: { text: string }) {
  const parts = text.split(QUOTE);
  return (
    <span dir="auto">
      {parts.map((part, index) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change their places
        return index % 2 === 1 ? <bdi key={index}>{part}</bdi> : <Fragment key={index}>{part}</Fragment>;
      })}
    </span>
  );
}

const QUOTE = /("[^"]*")/;
