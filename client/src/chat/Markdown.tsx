import { VisuallyHidden } from "@mantine/core";
import { type ComponentPropsWithoutRef, memo, type ReactNode } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { safeAddress } from "./links";
import classes from "./Markdown.module.css";
import { MarkdownBoundary } from "./MarkdownBoundary";
import { PlainText } from "./PlainText";
import { isTooTangled } from "./tangle";

/** The coach's text: its Markdown is shown, its HTML is only text, and nothing of it is fetched from elsewhere. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  if (isTooTangled(text)) return <PlainText text={text} />;
  return (
    <MarkdownBoundary text={text}>
      <div className={classes.markdown} dir="auto">
        <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS} urlTransform={safeAddress}>
          {text}
        </ReactMarkdown>
      </div>
    </MarkdownBoundary>
  );
});

const PLUGINS = [remarkGfm];

// Ids and classes that Markdown asks for are left out: two messages could ask for the same.
const COMPONENTS: Components = {
  a: Link,
  img: Picture,
  input: Checkbox,
  table: Table,
  h1: Heading,
  h2: Heading,
  h3: Heading,
  h4: Heading,
  h5: Heading,
  h6: Heading,
  li: ({ children }) => <li dir="auto">{children}</li>,
  pre: ({ children }) => <pre dir="ltr">{children}</pre>,
};

function Link({ href, children }: ComponentPropsWithoutRef<"a">) {
  if (!href) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
      <VisuallyHidden component="span"> (opens a new tab)</VisuallyHidden>
    </a>
  );
}

/** A picture elsewhere would tell that place who reads: it is a link, by which a reader may go. */
function Picture({ src, alt }: ComponentPropsWithoutRef<"img">) {
  return <Link href={typeof src === "string" ? src : undefined}>{alt || "A picture"}</Link>;
}

function Checkbox({ checked }: ComponentPropsWithoutRef<"input">) {
  return (
    <span role="img" aria-label={checked ? "Done:" : "To do:"}>
      {checked ? "☑" : "☐"}
    </span>
  );
}

/** Every heading stands under the message's own, whatever level the coach had in mind. */
function Heading({ children }: { children?: ReactNode }) {
  return <h3>{children}</h3>;
}

function Table({ children }: ComponentPropsWithoutRef<"table">) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.wide} tabIndex={0} aria-label="Table">
      <table>{children}</table>
    </section>
  );
}
