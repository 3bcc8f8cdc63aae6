import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

// The styles of Mantine's components are listed one by one, for all of them are three times as large. Which are needed
// is read from Mantine's own modules: each imports the styles that it uses.
const MANTINE = resolve("node_modules/@mantine/core/esm");
const LIST = "src/app/mantine.css";

describe("mantine.css", () => {
  it("lists the styles of every component that is used, and no others", () => {
    const listed = [...readFileSync(LIST, "utf8").matchAll(/styles\/([A-Za-z-]+)\.layer\.css/g)].map(
      ([, name]) => name,
    );
    const components = listed.filter((name) => name && /^[A-Z]/.test(name)).sort();
    expect(components, `Mend ${LIST}.`).toEqual([...neededStyles()].sort());
  });
});

function neededStyles(): Set<string> {
  const styles = new Set<string>();
  const seen = new Set<string>();
  for (const name of usedComponents()) follow(moduleOf(name), seen, styles);
  return styles;
}

function usedComponents(): Set<string> {
  const names = new Set<string>(["MantineProvider"]);
  for (const file of sources()) {
    for (const [, list] of readFileSync(join("src", file), "utf8").matchAll(
      /import \{([^}]*)\} from "@mantine\/core"/g,
    )) {
      for (const name of (list ?? "").split(",").map((part) => part.trim()))
        if (/^[A-Z]/.test(name)) names.add(name);
    }
  }
  return names;
}

function sources(): string[] {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" });
  return files.filter((path) => /\.tsx?$/.test(path) && !/\.test\.|^testing/.test(path));
}

const INDEX = readFileSync(join(MANTINE, "index.mjs"), "utf8");

function moduleOf(name: string): string {
  const found = new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from "([^"]+)"`).exec(INDEX);
  return found?.[1] ? join(MANTINE, found[1]) : "";
}

function follow(path: string, seen: Set<string>, styles: Set<string>): void {
  if (path === "" || seen.has(path)) return;
  seen.add(path);
  const style = /([A-Za-z]+)\.module\.mjs$/.exec(path)?.[1];
  if (style) styles.add(style);
  for (const [, next] of readFileSync(path, "utf8").matchAll(/^import .* from "(\.[^"]+)"/gm)) {
    if (next) follow(join(dirname(path), next), seen, styles);
  }
}
