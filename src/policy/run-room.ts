/**
 * The server takes 2,000 updates in one run of a workflow, of whatever kind, and 10 at a time. A run that cannot be continued
 * in a new one must not spend them on alerts: then nobody could take it any more.
 */
export const MAX_CHANGES = 500;
/** All but the last 200, which are for people alone. */
export const MAX_UPDATES_WITH_CHANGES = 1_800;

/** Set by tests in front of the bundle, so that little is much. */
declare global {
  var pigeonflowMaxChanges: number | undefined;
}

/** How many updates one run has taken: what has been refused before it became an event costs nothing. */
export class RunRoom {
  #updates = 0;
  #changes = 0;

  constructor(private readonly maxChanges = globalThis.pigeonflowMaxChanges ?? MAX_CHANGES) {}

  taken(update: string): void {
    this.#updates += 1;
    if (update === 'alert') this.#changes += 1;
  }

  /**
   * Whether one more report can be taken. There are only three that are worse than all before; and one that begins the
   * policy again calls people, and comes once a round of it, which is continued as new long before the room is used up.
   */
  hasRoomFor(report: 'worse' | 'beginsAgain' | 'change'): boolean {
    switch (report) {
      case 'worse':
      case 'beginsAgain':
        return true;
      case 'change':
        return this.#changes < this.maxChanges && this.#updates < MAX_UPDATES_WITH_CHANGES;
      default:
        return report satisfies never;
    }
  }
}
