/** What is being said to people who listen to the page. */
export function announced(): string {
  return document.querySelector("[aria-live]")?.textContent ?? "";
}
