import { Component, type ReactNode } from "react";
import { PlainText } from "./PlainText";

interface Props {
  text: string;
  children: ReactNode;
}

interface State {
  failed: boolean;
  text: string;
}

/** Shows as plain text what cannot be shown as Markdown: one message never takes the page away. */
export class MarkdownBoundary extends Component<Props, State> {
  override state: State = { failed: false, text: this.props.text };

  /** Another text is tried again; no `key` does that, for one that grows would be drawn anew with each piece. */
  static getDerivedStateFromProps({ text }: Props, known: State): State | null {
    return text === known.text ? null : { failed: false, text };
  }

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <PlainText text={this.props.text} /> : this.props.children;
  }
}
