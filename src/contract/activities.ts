import type { SilenceChange } from './silence-schema.js';
import type { CheckedCallInput } from './check-input.js';
import type { FoundShifts, ShiftSearch } from './duty-schema.js';
import type { Place, RejectionReason, SeenOfOthers } from './rejected-calls.js';
import type { TelephoneCall } from './pigeon-call-schema.js';
import type { Callees, Directory } from './policy-schema.js';

/** What a workflow asks of the world. Made by `createActivities`; workflows know only this type. */
export interface Activities {
  /**
   * One `POST chain/invoke`. Never repeated by Temporal: its caller decides, by the failure's type, whether it may.
   *
   * @throws ApplicationFailure of a `FailureType`; only `PigeonUnconfirmed` leaves open whether a run exists.
   */
  readonly invoke: (request: InvokeRequest) => Promise<InvokeReply>;
  /** One `GET results/{resultId}`, repeated by Temporal after transport faults. */
  readonly getResult: (request: { readonly resultId: string }) => Promise<RunView>;
  /** `POST chain/abort`; `gone` when Pigeon says that there is nothing to abort. Safe to repeat. */
  readonly abort: (request: { readonly resultId: string }) => Promise<'asked' | 'gone'>;
  /** The `resultId` of the run that carries the reference, or null when Pigeon lists none (yet). */
  readonly findRun: (request: RunSearch) => Promise<string | null>;
  /**
   * A policy of the worker's folder by its name, in its normal form.
   *
   * @throws ApplicationFailure `InvalidInput` when there is none of this name, or it has errors.
   */
  readonly readPolicy: (request: { readonly name: string }) => Promise<unknown>;
  /** How often the workflow of this id was started since then and has ended. `since`: milliseconds since 1970. */
  readonly countOpenings: (request: { readonly id: string; readonly since: number }) => Promise<number>;
  /** The shifts that an override is for, by the schedule of the worker's folder. */
  readonly findShifts: (request: ShiftSearch) => Promise<FoundShifts>;
  /** Tells the incidents that a silence may hold that it ends at another time. Can be repeated. */
  readonly tellSilence: (change: SilenceChange) => Promise<void>;
  /** Tells an outside monitor that all is well; `none` where the worker knows no address of one. */
  readonly heartbeat: () => Promise<'sent' | 'none'>;
}

/**
 * What tells our run from all others: it stands among the parameters of the run, as `pigeonflowRef` and `pigeonflowRun`.
 * A workflow id can be used again, so the reference alone could be that of an older call.
 */
export interface RunMark {
  readonly reference: string;
  /** The first run id of the workflow, which stays the same over its continuations. */
  readonly workflowRun: string;
}

export interface RunSearch extends RunMark {
  /** When its POST was scheduled, in milliseconds since 1970; how far back is looked. Default: no further than one page. */
  readonly postedAt?: number;
}

export interface InvokeRequest {
  /** Pigeon's own `params`; the {@link RunMark} stands among their `parameters`. */
  readonly params: Pick<CheckedCallInput, 'callflowId' | 'callflow' | 'guidanceId' | 'guidance' | 'parameters'>;
  /** Absent from workflows of earlier versions, which do not know `heldBack`. */
  readonly place?: Place;
  /** Whom to call, in the place of a call flow; read at the POST. */
  readonly callees?: WantedCallees;
}

export interface WantedCallees extends Callees {
  /** For what cannot be read: what this moment needs of it. */
  readonly directory: Directory;
  /** Handles of those whom this level has called before. */
  readonly called: readonly string[];
}

/** Somebody whom a POST calls, and why. Numbers stay outside of histories. */
export interface Called {
  readonly handle: string;
  readonly name: string;
  /** As the schedule had it at that moment; `until` as in a shift. Absent: the policy names the person. */
  readonly duty?: {
    readonly schedule: string;
    readonly layer: string | null;
    readonly until: string | null;
    readonly next?: number;
    /** Its schedule could not be read: as the copy has it that travelled with the incident. */
    readonly copy?: true;
    /** That was made while the schedule was in use: who asked for it, and why, in whose place. */
    readonly override?: {
      /** Names. */
      readonly of: readonly string[];
      readonly by: string;
      readonly reason: string | null;
      /** Names of those who were put on duty by somebody else, and have not confirmed it. */
      readonly unconfirmed?: readonly string[];
      /** This person was on duty before, and is called since those have not confirmed it. */
      readonly former?: true;
    };
  };
}

/** What a POST made of {@link WantedCallees}. */
export interface Callout {
  readonly people: readonly Called[];
  /** Who is missing, and what was not read, in words. */
  readonly missing: readonly string[];
}

export type InvokeReply =
  | { readonly status: 'accepted'; readonly resultId: string; readonly callout?: Callout }
  /** No run exists. What is beside the message is absent from workers of earlier versions. */
  | {
      readonly status: 'rejected';
      readonly message: string | null;
      readonly reason?: RejectionReason | null;
      readonly seen?: SeenOfOthers;
      readonly againInMs?: number;
      readonly callout?: Callout;
    }
  /** Nothing was sent: there is nobody to be called, for these reasons. Only an answer to {@link WantedCallees}. */
  | { readonly status: 'nobody'; readonly missing: readonly string[] }
  /** Nothing was sent: others go first. */
  | { readonly status: 'heldBack'; readonly againInMs: number };

/** What a workflow needs of a run: the whole of it once it has ended, the little that changes while it is active. */
export interface RunView {
  readonly isActive: boolean;
  /** Pigeon's word. */
  readonly status: string;
  /** How it ended in our words; null while it is active. */
  readonly ended: 'succeeded' | 'failed' | 'aborted' | 'unknownWord' | null;
  readonly keyInput: string | null;
  readonly receivedContactName: string | null;
  /** The newest calls, oldest first: at most 20, and 500 once it has ended. */
  readonly calls: readonly TelephoneCall[];
  /** Only once it has ended. */
  readonly callflow?: unknown;
  readonly guidance?: unknown;
}
