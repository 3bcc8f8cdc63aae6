import {
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
} from "@mantine/core";

const EMBER: MantineColorsTuple = [
  "#fdf1ea",
  "#fae0d2",
  "#f5c4a9",
  "#f0a27b",
  "#e28456",
  "#cc6a3c",
  "#b4552d",
  "#974424",
  "#7a371d",
  "#5c2a17",
];

const SAND: MantineColorsTuple = [
  "#faf4ec",
  "#f3eadf",
  "#e9ddcf",
  "#dccdbc",
  "#c8b6a3",
  "#a8937f",
  "#6f5c4d",
  "#574739",
  "#42342a",
  "#33261d",
];

const DUSK: MantineColorsTuple = [
  "#f3e9dd",
  "#d9cabb",
  "#bfae9e",
  "#a08d7d",
  "#5a4a3d",
  "#3b2f26",
  "#28201a",
  "#1d1713",
  "#17120e",
  "#110d0a",
];

const BRICK: MantineColorsTuple = [
  "#fcefec",
  "#f8dcd7",
  "#f0b9b0",
  "#ffb0a4",
  "#d96a5c",
  "#c44a3c",
  "#a92b1f",
  "#8e2318",
  "#701b12",
  "#4f130d",
];

const FONTS = 'ui-rounded, "Segoe UI", system-ui, -apple-system, "Noto Sans", sans-serif';

/** A dialog's `header` is no banner of the page. */
const DIALOG = {
  closeButtonProps: { "aria-label": "Close" },
  attributes: { header: { role: "presentation" } },
};

/** What `public/scheme.js` reads too, before the first paint. */
export const COLOR_SCHEME_KEY = "coach-color-scheme";

export const colorSchemes = localStorageColorSchemeManager({ key: COLOR_SCHEME_KEY });

export const theme = createTheme({
  colors: { ember: EMBER, red: BRICK, gray: SAND, dark: DUSK },
  primaryColor: "ember",
  primaryShade: 6,
  black: "#33261d",
  fontFamily: FONTS,
  headings: { fontFamily: FONTS, fontWeight: "650", textWrap: "balance" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Modal: { styles: { title: { fontWeight: 650 } }, defaultProps: { ...DIALOG, centered: true } },
    Drawer: { defaultProps: DIALOG },
  },
});

/** Mantine's own colours follow the few of `global.css`, where light and dark stand side by side. */
export const cssVariables: CSSVariablesResolver = () => {
  const both = {
    "--mantine-color-body": "var(--paper)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--soft)",
    "--mantine-color-anchor": "var(--warm)",
    "--mantine-color-placeholder": "var(--soft)",
    "--mantine-color-error": "var(--bad)",
    "--mantine-color-red-light": "var(--bad-wash)",
    "--mantine-color-red-light-color": "var(--bad)",
    "--mantine-color-ember-light": "var(--warm-wash)",
    "--mantine-color-ember-light-color": "var(--warm)",
    "--mantine-color-default": "var(--card)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-color": "var(--ink)",
    "--mantine-color-default-border": "var(--line)",
  };
  return { variables: {}, light: both, dark: both };
};
