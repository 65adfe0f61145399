/** Input of the workflow `canary`. */
export interface CanaryInput {
  /** Name of a policy of the workers' folder; whom it calls must press a key that acknowledges. */
  readonly policy: string;
  /** Within which time somebody must own the incident, such as `5m`. */
  readonly within: string;
}

export interface CanaryResult {
  /** Id of the incident that was opened for it. */
  readonly incidentId: string;
  readonly secondsToAcknowledge: number;
  /** What the outside monitor was told; `none`: the worker knows no address of one. */
  readonly heartbeat: 'sent' | 'none';
}
