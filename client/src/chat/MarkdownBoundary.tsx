import { Component, type ReactNode } from "react";
import { PlainText } from "./PlainText";

interface Props {
  text: string;
  children: ReactNode;
}

/** Shows as plain text what cannot be shown as Markdown: one message never takes the page away. */
export class MarkdownBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <PlainText text={this.props.text} /> : this.props.children;
  }
}
