import type { Config } from "@docusaurus/types";
import { dark, light } from "./build/code-colours";
import { scriptsIntoFiles } from "./build/scripts-into-files";
import { inCanonicalOrder } from "./build/sidebar";

const config: Config = {
  title: "Coach Actions",
  tagline: "Every action applied exactly once, in order, and told.",
  favicon: "favicon.svg",
  url: "http://localhost:8000", // only the sitemap and previews would need to know it, and there are none
  baseUrl: "/docs/",
  trailingSlash: true,
  baseUrlIssueBanner: false, // a style and a script inside the page
  noIndex: true,
  onBrokenLinks: "throw",
  onBrokenAnchors: "throw",
  onDuplicateRoutes: "throw",
  markdown: {
    format: "detect", // a `.md` page is CommonMark: `{` and `<` are what they look like
    mermaid: true,
    hooks: { onBrokenMarkdownLinks: "throw", onBrokenMarkdownImages: "throw" },
  },
  future: { v4: true, faster: true },
  plugins: [
    [
      "@docusaurus/plugin-content-docs",
      { routeBasePath: "/", sidebarPath: "./sidebars.ts", sidebarItemsGenerator: inCanonicalOrder },
    ],
    scriptsIntoFiles,
  ],
  themes: [
    ["@docusaurus/theme-classic", { customCss: "./src/css/site.css" }],
    "@docusaurus/theme-mermaid",
    [
      "@easyops-cn/docusaurus-search-local",
      {
        docsRouteBasePath: "/",
        indexBlog: false,
        indexPages: false,
        hashed: "filename",
        highlightSearchTermsOnTargetPage: true,
        searchBarShortcutHint: false,
        forceIgnoreNoIndex: true, // that is said to the engines of others
      },
    ],
  ],
  themeConfig: {
    colorMode: { respectPrefersColorScheme: true },
    navbar: {
      title: "Coach Actions",
      items: [
        { type: "docSidebar", sidebarId: "pages", label: "Docs", position: "left" },
        { to: "/core-systems/action-handler/overview/", label: "Actions", position: "left" },
        { to: "/reference/api/", label: "API", position: "left" },
      ],
    },
    docs: { sidebar: { hideable: true } },
    prism: {
      theme: light,
      darkTheme: dark,
      additionalLanguages: ["bash", "json"],
    },
    mermaid: { theme: { light: "neutral", dark: "dark" } },
    tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
  },
};

export default config;
