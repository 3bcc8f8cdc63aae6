/** What is said of an error wherever it happens. */
export const UNREACHABLE = "The coach cannot be reached just now. Check your connection and try again.";

export const DID_NOT_GO_THROUGH = "That did not go through. Please try again.";
