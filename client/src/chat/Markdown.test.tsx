import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { show } from "../testing/show";
import { Markdown } from "./Markdown";

function shown(text: string): HTMLElement {
  show(
    <div data-testid="shown">
      <Markdown text={text} />
    </div>,
  );
  return screen.getByTestId("shown");
}

const HOSTILE: readonly string[] = [
  "<script>window.pwned = true</script>",
  '<img src=x onerror="window.pwned = true">',
  "<svg><script>window.pwned = true</script></svg>",
  "<svg onload=window.pwned=true>",
  '<iframe src="javascript:window.pwned=true"></iframe>',
  '<iframe srcdoc="<script>parent.pwned=true</script>"></iframe>',
  '<a href="javascript:window.pwned=true">go</a>',
  "<style>* { display: none }</style>",
  '<base href="https://evil.example/">',
  '<form action="https://evil.example/"><input name=password></form>',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<object data="data:text/html,<script>1</script>"></object>',
  "<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=true>",
  '<div style="position:fixed;inset:0">over everything</div>',
  "[go](javascript:window.pwned=true)",
  "[go](JaVaScRiPt:window.pwned=true)",
  "[go](java\nscript:window.pwned=true)",
  "[go](&#106;avascript:window.pwned=true)",
  "[go](javascript&colon;window.pwned=true)",
  "[go](\u0001javascript:window.pwned=true)",
  "[go](vbscript:msgbox)",
  "[go](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[go](data:text/html,<script>1</script>)",
  "[go](blob:https://evil.example/1)",
  "[go](file:///etc/passwd)",
  "[go](//evil.example/)",
  "[go](/api/v1/auth/logout)",
  "[go][ref]\n\n[ref]: javascript:window.pwned=true",
  "<javascript:window.pwned=true>",
  "![x](javascript:window.pwned=true)",
  "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
  "![x](https://evil.example/pixel.png)",
  '![x" onerror="window.pwned=true](https://evil.example/pixel.png)',
  '[x](https://a.example "t\\" onmouseover=\\"window.pwned=true")',
  "`<script>window.pwned=true</script>`",
  "```html\n<script>window.pwned=true</script>\n```",
  "&lt;script&gt;window.pwned=true&lt;/script&gt;",
  "&#60;img src=x onerror=window.pwned=true&#62;",
  "- [ ] <input autofocus onfocus=window.pwned=true>",
  "| a |\n|---|\n| <script>window.pwned=true</script> |",
  "Text[^1]\n\n[^1]: <script>window.pwned=true</script>",
];

const MAY_BE_THERE =
  "div,p,span,a,h3,ul,ol,li,pre,code,blockquote,strong,em,del,br,hr,sup,section,table,thead,tbody,tr,th,td";

test.each(HOSTILE)("nothing hostile comes of %j", (text) => {
  const container = shown(text);
  const others = container.querySelectorAll(`:not(${MAY_BE_THERE})`);
  expect([...others].map((element) => element.outerHTML)).toEqual([]);
  for (const element of container.querySelectorAll("*")) {
    for (const { name } of element.attributes)
      expect(name).not.toMatch(/^(?:on|src|style|action|formaction|srcdoc|id$)/);
  }
  for (const link of container.querySelectorAll("a")) {
    expect(link.getAttribute("href")).toMatch(/^https:\/\//);
    expect(link.rel).toBe("noopener noreferrer nofollow");
    expect(link.target).toBe("_blank");
  }
  expect("pwned" in window).toBe(false);
});

test("HTML is shown as the text that it is", () => {
  expect(shown("Say <b>hello</b> &amp; <script>alert(1)</script>").textContent).toBe(
    "Say <b>hello</b> & <script>alert(1)</script>",
  );
});

test("what Markdown means is shown", () => {
  shown(
    "# Title\n\nSome **strong** and *soft* words.\n\n- one\n- two\n\n1. first\n\n> said\n\n`code`\n\n~~gone~~",
  );
  expect(screen.getByRole("heading", { level: 3, name: "Title" })).toBeTruthy();
  expect(screen.getByText("strong").tagName).toBe("STRONG");
  expect(screen.getByText("soft").tagName).toBe("EM");
  expect(screen.getAllByRole("listitem")).toHaveLength(3);
  expect(screen.getByText("said").closest("blockquote")).toBeTruthy();
  expect(screen.getByText("code").tagName).toBe("CODE");
});

test("a link to the web or of mail can be followed, and says that it opens a new tab", () => {
  shown("[the site](https://example.org/a?b=c) and [mail](mailto:a@example.org) and http://example.net");
  const links = screen.getAllByRole("link");
  expect(links.map((link) => link.getAttribute("href"))).toEqual([
    "https://example.org/a?b=c",
    "mailto:a@example.org",
    "http://example.net",
  ]);
  expect(links[0]?.textContent).toBe("the site (opens a new tab)");
});

test("a picture is a link with its words: nothing is fetched", () => {
  const container = shown("![a garden](https://example.org/garden.png)");
  expect(container.querySelector("img")).toBeNull();
  expect(screen.getByRole("link", { name: /a garden/ }).getAttribute("href")).toBe(
    "https://example.org/garden.png",
  );
});

test("a table scrolls by itself and can be reached by keyboard", () => {
  shown("| a | b |\n|---|---|\n| 1 | 2 |");
  expect(screen.getByRole("region", { name: "Table" }).tabIndex).toBe(0);
  expect(screen.getAllByRole("cell")).toHaveLength(2);
});

test("a task's box says what it says by its look", () => {
  shown("- [x] rest\n- [ ] run");
  expect(screen.getAllByRole("img").map((box) => box.getAttribute("aria-label"))).toEqual([
    "Done:",
    "To do:",
  ]);
});

test("a text from right to left takes its own direction", () => {
  const container = shown("שלום, **עולם**\n\n1. אחת");
  expect(container.querySelector("[dir=auto]")?.textContent).toContain("שלום");
});

const HEAVY: readonly [string, string][] = [
  ["quotes in quotes", ">".repeat(20_000)],
  ["quotes in quotes, spaced", "> ".repeat(10_000)],
  ["lists in lists", "- ".repeat(10_000)],
  ["numbers in numbers", "1. ".repeat(6_000)],
  ["lists, ever further in", Array.from({ length: 199 }, (_, depth) => `${" ".repeat(depth)}- x`).join("\n")],
  ["emphasis in emphasis", "*a **b ".repeat(2_800)],
  ["stars", "*".repeat(20_000)],
  ["emphasis that closes", `${"**a *b ".repeat(1_400)}${"c* d** ".repeat(1_400)}`],
  ["brackets", "[".repeat(20_000)],
  ["brackets that close", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
  ["links in links", "[a](".repeat(5_000)],
  ["pictures in pictures", "![".repeat(10_000)],
  ["back ticks", Array.from({ length: 190 }, (_, count) => "`".repeat(count + 1)).join(" ")],
  ["angles", "<".repeat(20_000)],
  ["autolinks", "http://a.b ".repeat(500)],
  ["addresses", "a@b.c ".repeat(500)],
  ["a very long word", "ä".repeat(20_000)],
  ["table columns", `${"|a".repeat(5_000)}|\n${"|-".repeat(5_000)}|`],
  ["table rows", `|a|b|\n|-|-|\n${"|1|2|\n".repeat(400)}`],
  ["footnotes", "[^a]".repeat(5_000)],
  ["tildes", "~a ~~b ".repeat(2_800)],
  ["emoji", "👩‍👩‍👧‍👦".repeat(1_800)],
  ["lines", "a\n\n".repeat(1_000)],
];

test.each(HEAVY)("a message of nothing but %s is shown", (_what, text) => {
  const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const container = shown(text.slice(0, 20_000));
  expect(container.textContent || container.querySelector("hr")).toBeTruthy();
  expect(errors).not.toHaveBeenCalled();
});
