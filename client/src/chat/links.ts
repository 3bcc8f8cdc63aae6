const SAFE = /^(?:https?:\/\/|mailto:)/i;

/** The address where it may be followed from a message: of the web or of mail, in full; else empty. */
export function safeAddress(address: string): string {
  const trimmed = address.trim();
  return SAFE.test(trimmed) ? trimmed : "";
}
