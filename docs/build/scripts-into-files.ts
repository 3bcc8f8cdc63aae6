import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "@docusaurus/types";

const DIRECTORY = "assets/js";
const INSIDE = /<script(?![^>]*\s(?:src|type)=)[^>]*>([\s\S]+?)<\/script>/g;

/**
 * Moves every script that stands inside a page into a file beside the others, named after its content.
 *
 * The server's Content-Security-Policy lets scripts come from files of its own alone. Docusaurus has one in each page, which
 * sets the colours before the first paint; as a file it still comes before it, and is kept by browsers.
 */
export function scriptsIntoFiles(): Plugin {
  return {
    name: "scripts-into-files",
    async postBuild({ outDir, baseUrl }) {
      await mkdir(join(outDir, DIRECTORY), { recursive: true });
      for (const page of await readdir(outDir, { recursive: true })) {
        if (page.endsWith(".html")) await rewrite(outDir, page, baseUrl);
      }
    },
  };
}

async function rewrite(outDir: string, page: string, baseUrl: string): Promise<void> {
  const html = await readFile(join(outDir, page), "utf8");
  const scripts = new Map<string, string>();
  const rewritten = html.replace(INSIDE, (_, script: string) => {
    const file = `${DIRECTORY}/inline.${createHash("sha256").update(script).digest("hex").slice(0, 8)}.js`;
    scripts.set(file, script);
    return `<script src="${baseUrl}${file}"></script>`;
  });
  await Promise.all([...scripts].map(([file, script]) => writeFile(join(outDir, file), script)));
  await writeFile(join(outDir, page), rewritten);
}
