/** What a button has that can do nothing just now: disabled in earnest, it would lose the focus. */
export function held(isHeld: boolean): { "aria-disabled"?: true; "data-disabled"?: true } {
  return isHeld ? { "aria-disabled": true, "data-disabled": true } : {};
}
