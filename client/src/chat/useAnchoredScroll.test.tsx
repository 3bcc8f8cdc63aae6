import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { type Layout, layOut } from "../testing/layout";
import { type AnchoredScroll, useAnchoredScroll } from "./useAnchoredScroll";

const onNearTop = vi.fn();
let layout: Layout;
let scroll: AnchoredScroll;

beforeEach(() => {
  onNearTop.mockReset();
  layout = { heights: {}, viewportHeight: 400 };
  layOut(layout);
});

function Box({ from, to }: { from: number; to: number }) {
  scroll = useAnchoredScroll(onNearTop);
  return (
    <div ref={scroll.viewport} data-testid="viewport">
      <div ref={scroll.content}>
        {Array.from({ length: to - from }, (_, index) => String(from + index)).map((place) => (
          <p key={place} data-place={place} tabIndex={-1}>
            {place}
          </p>
        ))}
      </div>
    </div>
  );
}

const viewport = () => screen.getByTestId("viewport");
const topOf = (place: string) => screen.getByText(place).getBoundingClientRect().top;

function goTo(top: number) {
  viewport().scrollTop = top;
  fireEvent.scroll(viewport());
}

test("it begins at the end and stays there while more comes", () => {
  const { rerender } = render(<Box from={50} to={100} />);
  expect(viewport().scrollTop).toBe(5000 - 400);
  rerender(<Box from={50} to={110} />);
  expect(viewport().scrollTop).toBe(6000 - 400);
  expect(scroll.isAtBottom).toBe(true);
});

test("what is being read stays where it is while more comes below", () => {
  const { rerender } = render(<Box from={50} to={100} />);
  goTo(2030);
  expect(scroll.isAtBottom).toBe(false);
  rerender(<Box from={50} to={110} />);
  expect(viewport().scrollTop).toBe(2030);
});

test("what is being read stays where it is while an older page comes above", () => {
  const { rerender } = render(<Box from={50} to={100} />);
  goTo(130);
  expect(topOf("51")).toBe(-30);
  rerender(<Box from={0} to={100} />);
  expect(topOf("51")).toBe(-30);
  expect(viewport().scrollTop).toBe(5130);
});

test("what is being read stays where it is while something above it grows or shrinks", () => {
  const { rerender } = render(<Box from={50} to={100} />);
  goTo(2030);
  expect(topOf("70")).toBe(-30);
  layout.heights["60"] = 400;
  rerender(<Box from={50} to={100} />);
  expect(topOf("70")).toBe(-30);
  layout.heights["60"] = 20;
  rerender(<Box from={50} to={100} />);
  expect(topOf("70")).toBe(-30);
});

test("the end stays in view while what is there grows", () => {
  const { rerender } = render(<Box from={50} to={100} />);
  layout.heights["99"] = 900;
  rerender(<Box from={50} to={100} />);
  expect(viewport().scrollTop).toBe(5800 - 400);
});

test("a reader who comes back to the end stays there again", () => {
  const { rerender } = render(<Box from={50} to={100} />);
  goTo(2000);
  goTo(4600);
  expect(scroll.isAtBottom).toBe(true);
  rerender(<Box from={50} to={101} />);
  expect(viewport().scrollTop).toBe(5100 - 400);
});

test("only going up leaves the end: it may move away by itself", () => {
  const { rerender } = render(<Box from={50} to={100} />);
  layout.heights["99"] = 900;
  fireEvent.scroll(viewport());
  expect(scroll.isAtBottom).toBe(true);
  rerender(<Box from={50} to={100} />);
  expect(viewport().scrollTop).toBe(5800 - 400);
});

test("near the top the older part is asked for", () => {
  render(<Box from={50} to={100} />);
  goTo(2000);
  expect(onNearTop).not.toHaveBeenCalled();
  goTo(300);
  expect(onNearTop).toHaveBeenCalled();
});

test("the way back to the end", () => {
  render(<Box from={50} to={100} />);
  goTo(2000);
  act(() => scroll.toBottom());
  expect(viewport().scrollTop).toBe(4600);
  expect(scroll.isAtBottom).toBe(true);
});

test("the way to one item leaves the end, and takes the focus along", () => {
  const { rerender } = render(<Box from={50} to={100} />);
  vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => {
    viewport().scrollTop = 1000;
  });
  act(() => scroll.toItem("61"));
  expect(document.activeElement?.textContent).toBe("61");
  expect(scroll.isAtBottom).toBe(false);
  rerender(<Box from={0} to={120} />);
  expect(topOf("61")).toBe(100);
});
