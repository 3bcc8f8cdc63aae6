import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";

/** Renders for a test what a page of the chat draws, at the address `at`. */
export function show(node: ReactNode, at = "/") {
  const around = (inner: ReactNode) => (
    <MantineProvider env="test">
      <MemoryRouter initialEntries={[at]}>{inner}</MemoryRouter>
    </MantineProvider>
  );
  const { rerender, ...shown } = render(around(node));
  return { ...shown, rerender: (other: ReactNode) => rerender(around(other)) };
}
