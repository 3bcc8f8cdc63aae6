import MDXComponents from "@theme-original/MDXComponents";
import type { ComponentProps } from "react";

/** A wide table scrolls by itself: with the keyboard too, once it has the focus. */
function Table(props: ComponentProps<"table">) {
  return <table tabIndex={0} {...props} />;
}

export default { ...MDXComponents, table: Table };
