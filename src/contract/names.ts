/** Names that other teams, operators and automations rely on. They change as `CONTRIBUTING.md` says of versions. */

/** Task queue of the workflows and of every activity but the POST. */
export const DEFAULT_TASK_QUEUE = 'pigeonflow';

/** Task queue of the POST alone; the server limits its rate for all workers together. */
export const DEFAULT_INVOKE_TASK_QUEUE = 'pigeonflow-invoke';

/** Search attributes (Keyword) that a namespace must have. They hold no display name and no telephone number; a handle may be a surname. */
export const STATE_ATTRIBUTE = 'PigeonflowState';
export const OWNER_ATTRIBUTE = 'PigeonflowOwner';
/** In the owner's place. */
export const NOBODY = 'nobody';

/** Name of the workflow that places one call. */
export const PIGEON_CALL = 'pigeonCall';

/** Name of the workflow of an incident, and of that in which each of its further levels runs. */
export const INCIDENT = 'incident';
export const ESCALATION = 'escalation';

/** Name of the workflow that looks for what a call left behind. */
export const LOST_RUNS = 'lostRuns';

/** Name of the workflow that keeps all calling paused while it runs, and of the signal that ends it. */
export const CALLING_PAUSE = 'callingPause';
export const RESUME_SIGNAL = 'resume';

/** Of the one pause of all workers that serve this task queue. */
export const callingPauseId = (invokeTaskQueue: string): string => `pause/${invokeTaskQueue}`;

/** Name of the workflow that keeps the overrides of one schedule which are made while it is in use; and of its query for all of them. */
export const DUTY = 'duty';
export const OVERRIDES_QUERY = 'overrides';
export const dutyId = (schedule: string): string => `duty/${schedule}`;

/** What that workflow publishes, to be read without a worker: the key of its memo. */
export const OVERRIDES_MEMO = 'overrides';

/** Name of the workflow that keeps the silences of the gateways of one task queue; of its query, and of the key of its memo. */
export const SILENCES = 'silences';
export const SILENCES_QUERY = 'silences';
export const SILENCES_MEMO = 'silences';
export const silencesId = (taskQueue: string): string => `silences/${taskQueue}`;

/** So long after it is published, every worker acts by it. */
export const KNOWN_AFTER_MS = 2_000;

/** Name of the workflow that tries the whole way from an alert to its owner. */
export const CANARY = 'canary';

/** Query of an incident: the newest entries of its timeline, and how often each kind happened. */
export const TIMELINE_QUERY = 'timeline';

/** Query of a call and of an incident: what is happening. */
export const STATUS_QUERY = 'status';

/** Signal: look at the result now instead of at the next poll. */
export const CHECK_SIGNAL = 'check';

/** Signal to an incident: a silence that may hold it ends at another time than was known. */
export const SILENCE_SIGNAL = 'silenceChanged';

/** `type` of the failures with which workflows end and of which activities report. */
export const FailureType = {
  /** The input does not fit the contract; the message names each field. */
  InvalidInput: 'InvalidInput',
  /** Pigeon refused what this call asks for (400, 404 or 422, in its own words): correct the call, not the space. */
  PigeonRefused: 'PigeonRefused',
  /** Pigeon does not know the call flow, the guidance or the run (404); at the POST the call fails as `PigeonRefused`. */
  PigeonNotFound: 'PigeonNotFound',
  /** The token is wrong or has expired (401). */
  PigeonUnauthorized: 'PigeonUnauthorized',
  /** The token may not do this (403). */
  PigeonForbidden: 'PigeonForbidden',
  /** Too many requests (429). */
  PigeonRateLimited: 'PigeonRateLimited',
  /** Nothing reached Pigeon, or something else answered in its place: no run exists. */
  PigeonNotSent: 'PigeonNotSent',
  /** Sent, but not confirmed: a run may exist. */
  PigeonUnconfirmed: 'PigeonUnconfirmed',
  /** Somebody has paused all calling, or it cannot be read whether somebody has: nothing was sent. */
  CallingPaused: 'CallingPaused',
  /** The canary was not acknowledged in time, or the outside monitor could not be told that it was. */
  CanaryFailed: 'CanaryFailed',
  /** It cannot be read who is to be called: nothing was sent. */
  CalleesUnreadable: 'CalleesUnreadable',
  /** What an activity was given is encrypted with a key that its worker lacks: it has not begun. */
  PayloadUnreadable: 'PayloadUnreadable',
  /** A person's update that the state of the incident does not allow: nothing was changed. The details have the answer. */
  NotAccepted: 'NotAccepted',
  /** The update `alert` said nothing new: the incident continues as it was. Costs no event. */
  AlertUnchanged: 'AlertUnchanged',
  /**
   * The update `alert` was one change too many for a run that cannot be continued in a new one: the rest is for people.
   * Costs no event; report the newest again a minute later.
   */
  TooManyChanges: 'TooManyChanges',
} as const;
export type FailureType = (typeof FailureType)[keyof typeof FailureType];

/** What a query of an incident fails with until its policy has been read. */
export const BEING_OPENED = 'The incident is being opened: its policy is being read. Ask again.';
