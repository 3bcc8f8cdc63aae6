import classes from "./PlainText.module.css";

/** A text as it was written, line by line. */
export function PlainText({ text }: { text: string }) {
  return (
    <div className={classes.text} dir="auto">
      {text}
    </div>
  );
}
