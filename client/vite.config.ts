import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where `npm run dev` finds the web tier; the built client is served by it.
// The host stays the page's: Django asks that a form comes from where it is served.
const WEB = { target: process.env.COACH_WEB ?? "http://127.0.0.1:8000", changeOrigin: false };

export default defineConfig({
  plugins: [react()],
  // What is too large is said by build/budget.mjs, which knows what travels.
  build: {
    target: "es2022",
    // For older ones `:dir()` would become a list of languages, which says nothing of a text's direction.
    cssTarget: ["chrome120", "edge120", "firefox115", "safari16.4"],
    manifest: true,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What every page needs is one file, and what several share is another: left alone, it is cut into a file for
        // each set of pages, and a first load becomes larger and asks more often with every page that there is.
        codeSplitting: {
          groups: [
            { name: "index", tags: ["$initial"] },
            { name: "shared", minShareCount: 3 },
          ],
        },
      },
    },
    chunkSizeWarningLimit: 2_000,
  },
  server: { proxy: { "/api": WEB, "/admin": WEB, "/static": WEB } },
  test: {
    restoreMocks: true,
    projects: [
      // What renders has a page. What does not starts at once without one; the few that ask for one say so on top.
      {
        extends: true,
        test: {
          name: "page",
          environment: "jsdom",
          include: ["src/**/*.test.tsx"],
          setupFiles: ["src/testing/setup.ts"],
        },
      },
      { extends: true, test: { name: "logic", environment: "node", include: ["src/**/*.test.ts"] } },
    ],
  },
});
