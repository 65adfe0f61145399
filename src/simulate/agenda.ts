/** What is to happen, in virtual time. */
export class Agenda {
  readonly #items: { readonly at: number; readonly happen: () => void }[] = [];

  schedule(at: number, happen: () => void): void {
    const after = this.#items.findIndex((item) => item.at > at);
    this.#items.splice(after === -1 ? this.#items.length : after, 0, { at, happen });
  }

  /** When the next thing happens; null when nothing is left. */
  get nextAt(): number | null {
    return this.#items[0]?.at ?? null;
  }

  /** Lets everything of this moment happen, in the order in which it was scheduled. */
  happenUntil(now: number): void {
    for (let item = this.#items[0]; item !== undefined && item.at <= now; item = this.#items[0]) {
      this.#items.shift();
      item.happen();
    }
  }
}
