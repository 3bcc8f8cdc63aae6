// Runs before the first paint, so that a page in dark colours does not flash white. A file, because the
// Content-Security-Policy allows no script inside the page. The key is COLOR_SCHEME_KEY of src/app/theme.ts.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("coach-color-scheme");
  } catch {
    // Storage may be switched off: the system's colours, then.
  }
  const isDark =
    chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.mantineColorScheme = isDark ? "dark" : "light";
})();
