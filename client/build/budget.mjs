// What the first load costs, beside what it may cost. Usage: node build/budget.mjs DIRECTORY
// A first load is what always comes and what one of the pages needs beside it. Exits with 1 where one is over its budget.
import { existsSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { argv, exit } from "node:process";
import { brotliCompressSync, gzipSync } from "node:zlib";

// Bytes as they travel with gzip, which every browser and proxy takes.
const BUDGETS = [
  { name: "JavaScript", kinds: [".js"], most: 250_000 },
  { name: "CSS", kinds: [".css"], most: 60_000 },
  {
    name: "fonts, images",
    kinds: [".woff2", ".woff", ".svg", ".png", ".jpg", ".webp", ".avif"],
    most: 100_000,
  },
];
const MOST_REQUESTS = 16;
const HTML = "index.html";

const directory = argv[2] ?? "dist";
const manifest = JSON.parse(readFileSync(join(directory, ".vite/manifest.json"), "utf8"));

/** The chunks that come with this one: itself and whatever it imports at once. */
function closure(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const imported of manifest[key].imports ?? []) closure(imported, seen);
  }
  return seen;
}

/** The files of these chunks: the scripts, their styles, and the fonts and images that those name. */
function filesOf(keys) {
  return keys.flatMap((key) => {
    const { file, css = [], assets = [] } = manifest[key];
    return [file, ...css, ...assets];
  });
}

/** The files that the HTML itself names, such as its icon. */
function namedByHtml() {
  const html = readFileSync(join(directory, HTML), "utf8");
  return [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)]
    .map((match) => match[1])
    .filter((file) => existsSync(join(directory, file)));
}

const measured = new Map();
function measure(file) {
  if (!measured.has(file)) {
    const content = readFileSync(join(directory, file));
    const size = content.length;
    const gzip = Math.min(size, gzipSync(content, { level: 9 }).length);
    const brotli = Math.min(size, brotliCompressSync(content).length);
    measured.set(file, { file, size, gzip, brotli });
  }
  return measured.get(file);
}

const measureAll = (files) => [...new Set(files)].map(measure);
const sum = (files, field) => files.reduce((total, file) => total + file[field], 0);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const row = (name, cells) => `  ${name.padEnd(34)}${cells.map((cell) => String(cell).padStart(14)).join("")}`;
const listed = ({ file, size, gzip, brotli }) => row(basename(file), [size, gzip, brotli].map(kilobytes));

const entry = Object.keys(manifest).filter((key) => manifest[key].isEntry);
const always = [...new Set(entry.flatMap((key) => [...closure(key)]))];
const alwaysFiles = measureAll([HTML, ...filesOf(always), ...namedByHtml()]);

function firstLoad(name, keys) {
  const files = measureAll([...alwaysFiles.map(({ file }) => file), ...filesOf(keys)]);
  const costs = BUDGETS.map(({ kinds }) =>
    sum(
      files.filter(({ file }) => kinds.includes(extname(file))),
      "gzip",
    ),
  );
  return { name, files, costs };
}

const lazy = [...new Set(always.flatMap((key) => manifest[key].dynamicImports ?? []))];
const loads = lazy.map((key) => firstLoad(basename(key, extname(key)), [...closure(key)]));
if (loads.length === 0) loads.push(firstLoad("the page", []));
const lazyFiles = measureAll(filesOf(Object.keys(manifest))).filter((file) => !alwaysFiles.includes(file));

const report = [
  row("First load, gzip", ["requests", ...BUDGETS.map(({ name }) => name), "together", "as brotli"]),
  ...loads.map(({ name, files, costs }) =>
    row(name, [files.length, ...[...costs, sum(files, "gzip"), sum(files, "brotli")].map(kilobytes)]),
  ),
  row("budget", [MOST_REQUESTS, ...BUDGETS.map(({ most }) => kilobytes(most))]),
  "",
  row("What always comes", ["size", "gzip", "brotli"]),
  ...alwaysFiles.map(listed),
  ...(lazyFiles.length > 0 ? ["", row("What comes with a page", ["size", "gzip", "brotli"])] : []),
  ...lazyFiles.map(listed),
];

/** The first load that costs most, beside the budget. */
function verdict(name, most, costOf, format) {
  const [worst] = loads.toSorted((one, other) => costOf(other) - costOf(one));
  const holds = costOf(worst) <= most;
  const words = `${name}: ${format(costOf(worst))} of ${format(most)} (${worst.name})`;
  return { holds, line: `  ${holds ? "✓ pass" : "✗ FAIL"}  ${words}` };
}

const verdicts = [
  ...BUDGETS.map(({ name, most }, index) => verdict(name, most, ({ costs }) => costs[index], kilobytes)),
  verdict("requests", MOST_REQUESTS, ({ files }) => files.length, String),
];

console.log(["", ...report, "", ...verdicts.map(({ line }) => line), ""].join("\n"));
if (!verdicts.every(({ holds }) => holds)) {
  console.error(
    "budget: a first load is over its budget. Load what it does not show at once when it is needed.",
  );
  exit(1);
}
