/** Has something undone at the end of its test, the last first. Every test context is one, and every world. */
export interface Lifetime {
  readonly onTestFinished: (cleanUp: () => Promise<void>) => void;
}
