/** How long a text waits for others, so that a burst is said as one. */
const GATHER_MS = 600;
/** How long a text stands before the next one takes its place. */
const STAND_MS = 2_500;
/** How many texts are said at once; of more, the last ones, and how many there were before them. */
const MOST = 4;

/** Gathers what is to be said, and says it in turns. */
export class Announcements {
  private waiting: string[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly say: (text: string) => void) {}

  add(text: string): void {
    if (!this.waiting.includes(text)) this.waiting.push(text);
    this.timer ??= setTimeout(this.speak, GATHER_MS);
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.waiting = [];
  }

  private readonly speak = (): void => {
    this.say(asOne(this.waiting));
    const more = this.waiting.length > 0;
    this.waiting = [];
    // An empty turn ends it, and clears the region: the same words are heard again the next time.
    this.timer = more ? setTimeout(this.speak, STAND_MS) : null;
  };
}

function asOne(texts: readonly string[]): string {
  const last = texts.slice(-MOST).join(" ");
  const unsaid = texts.length - MOST;
  return unsaid > 0 ? `${last} And ${unsaid} more before that.` : last;
}
