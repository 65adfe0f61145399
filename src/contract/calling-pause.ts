/** Input of the workflow `callingPause`, given to it and, to be read without a worker, as its memo. */
export interface CallingPauseInput {
  /** Who pauses. */
  readonly by: string;
  /** Why, for anyone who wonders why nothing rings. */
  readonly reason: string;
  /** How long at most, such as `1h`: a pause that somebody forgets would silence everything. */
  readonly for: string;
}

/** A pause that is on. */
export interface CallingPause {
  readonly by: string;
  readonly reason: string;
  /** RFC 3339. */
  readonly since: string;
  /** RFC 3339; it ends automatically then. */
  readonly until: string;
}

/** How a pause ended. */
export interface CallingPauseResult {
  /** Null: automatically, when its time was over. */
  readonly resumedBy: string | null;
  readonly reason: string | null;
}
