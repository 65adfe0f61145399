import type { RunStatus } from '../pigeon/wire.js';
import type { RefusalCause } from './request-refused.js';

/**
 * What nobody outside the vendor knows of Pigeon, each as a switch that a test or a demonstration can turn, also while
 * the space runs. A switch is read when it is needed: turning one changes what comes after. The number of each is the
 * number of the unknown.
 */
export interface Switches {
  /** 1: keys of a result; minimal is `isActive, status, keyInput, parameters`. Default `proposed`. */
  resultShape: 'proposed' | 'minimal';
  /** 1: keys of an item of `calls`; minimal is `status, resultId`. Default `proposed`. */
  callsShape: 'proposed' | 'minimal';
  /** 1: how a value that is not there yet looks. Default `null`. */
  emptyValues: 'null' | 'absent';
  /** 1: the run's `keyInput` is the last key that ended a call, or only the one that ended the run. Default `last`. */
  keyOfRun: 'last' | 'deciding';
  /** 2: literals of the run's status. Default: the words of `RunStatus`. */
  runStatusWords: Record<RunStatus, string>;
  /** 3: whether results have `isActive`. Default `always`. */
  isActive: 'always' | 'absent';
  /** 4: status of a waiting run in `calls`. Default `waiting`. */
  waitingCallWord: string;
  /** 5: where an abort has its `resultId`. Default `either`. */
  abortBody: 'either' | 'params' | 'plain';
  /** 5: HTTP status of an abort. Default 200. */
  abortAnswer: 200 | 201 | 204;
  /** 5: abort of a run that has ended: accepted without effect, or an HTTP error. Default `accepted`. */
  abortOfEnded: 'accepted' | 400 | 404 | 409 | 422;
  /** 5: abort of a run that never was: accepted without effect, or an HTTP error. Default 404. */
  abortOfUnknown: 'accepted' | 400 | 404 | 422;
  /** 6: HTTP status of each cause of a refusal. */
  errorCodes: Record<RefusalCause, number>;
  /** 6: body of a refusal. Default `json`. */
  errorBody: 'json' | 'html' | 'empty';
  /** 7: requests in one second of the space's time before 429. Default `none`. */
  rateLimitPerSecond: number | 'none';
  /** 7: which requests count. Default `posts`: vendor scripts pause between POSTs. */
  rateLimited: 'posts' | 'all';
  /** 7: form of `Retry-After`; a date is on the space's clock, like the `Date` of the answer. Default `seconds`. */
  retryAfter: 'seconds' | 'date' | 'absent';
  /** 8: key of why a run is rejected: `errorDescriptor` holds `title` and `detail`, any other a text. Default `errorDescriptor`. */
  rejectedMessageKey: string;
  /** 8: numbers to which a run can never be placed, in one word with commas: it is rejected as one of a full queue is. Default `none`. */
  neverPlaced: string;
  /** 9: runs that the space holds, those being called included. Default 30. */
  queueSize: number;
  /** 9: seconds after which a run that still waits for a line fails. Default `endless`. */
  longestWaitSeconds: number | 'endless';
  /** 10: literal of the transfer behaviour. Default `transfer`. */
  transferWord: string;
  /** 10: key of a reaction that holds the number to connect. Default `transferTo`. */
  transferTargetKey: string;
  /** 11: key 0 cuts the call and the run continues, or cuts the run, or is a key like any other. Default `cutsCall`. */
  keyZero: 'cutsCall' | 'cutsRun' | 'readAgain';
  /** 11: what `*` and `#` do. Default `readAgain`, as every key that is not assigned. */
  starAndHash: 'readAgain' | 'nothing';
  /** 12: how long a telephone rings, in seconds. Default 30. */
  ringSeconds: number;
  /** 12: silence after each row of readings, in seconds. Default 10. */
  keyWaitSeconds: number;
  /** 13: status of a call in which all readings passed without a key. Default `ignored`. */
  afterSixReadings: 'ignored' | 'missed' | 'failed';
  /** 14: end of a run that every contact has left. Default `failed`. */
  allLeft: 'failed' | 'succeeded';
  /** 15: several numbers of a contact: the next is dialled where one was not reached, or never. Default `inOrder`. */
  severalPhones: 'inOrder' | 'firstOnly';
  /** 16: passes of a call flow; users complain of 10. Default 10. */
  loopLimitMax: number;
  /** 16: contacts of a call flow. Default 100. */
  contactsMax: number;
  /** 16: characters of one message template. Default 1000. */
  messageLengthMax: number;
  /** 16: characters of one parameter. Default 1000. */
  parameterLengthMax: number;
  /** 17: `{{name}}` without such a parameter. Default `empty`. */
  missingParameter: 'empty' | 'kept' | 'refused';
  /** 17: whether `{{ name }}` is `{{name}}`. Default `trimmed`. */
  templateSpaces: 'trimmed' | 'literal';
  /** 18: order of the items of `calls`. Default `newestFirst`. */
  listOrder: 'newestFirst' | 'oldestFirst';
  /** 19: whether a run that was aborted has a webhook. Default `sent`. */
  webhookOfCancelled: 'sent' | 'silent';
  /** 19: whether a run that failed has a webhook. Default `sent`. */
  webhookOfFailed: 'sent' | 'silent';
  /** 20: a stored call flow with an ad-hoc guidance, or the reverse. Default `accept`. */
  mixedForm: 'accept' | 'refuse';
  /** 21: whether waiting runs are in `calls`. Default `listed`. */
  waitingRunsInCalls: 'listed' | 'absent';
  /** 22: whether a run with an ad-hoc call flow or guidance keeps its `parameters`. Default `kept`. */
  adHocParameters: 'kept' | 'dropped';
}

/** Switches that differ from their default. */
export type SwitchSettings = Partial<Omit<Switches, 'runStatusWords' | 'errorCodes'>> & {
  readonly runStatusWords?: Partial<Switches['runStatusWords']>;
  readonly errorCodes?: Partial<Switches['errorCodes']>;
};

const DEFAULT_SWITCHES: Switches = {
  resultShape: 'proposed',
  callsShape: 'proposed',
  emptyValues: 'null',
  keyOfRun: 'last',
  runStatusWords: {
    waiting: 'waiting',
    started: 'started',
    succeeded: 'succeeded',
    failed: 'failed',
    aborted: 'aborted',
  },
  isActive: 'always',
  waitingCallWord: 'waiting',
  abortBody: 'either',
  abortAnswer: 200,
  abortOfEnded: 'accepted',
  abortOfUnknown: 404,
  errorCodes: {
    unreadable: 400,
    invalid: 400,
    beyondLimits: 422,
    mixedForm: 422,
    noToken: 401,
    unknownToken: 401,
    expiredToken: 401,
    noBasicAuth: 401,
    unknownId: 404,
    unknownPath: 404,
    wrongMethod: 405,
    tooManyRequests: 429,
    runEnded: 409,
    internal: 500,
  },
  errorBody: 'json',
  rateLimitPerSecond: 'none',
  rateLimited: 'posts',
  retryAfter: 'seconds',
  rejectedMessageKey: 'errorDescriptor',
  neverPlaced: 'none',
  queueSize: 30,
  longestWaitSeconds: 'endless',
  transferWord: 'transfer',
  transferTargetKey: 'transferTo',
  keyZero: 'cutsCall',
  starAndHash: 'readAgain',
  ringSeconds: 30,
  keyWaitSeconds: 10,
  afterSixReadings: 'ignored',
  allLeft: 'failed',
  severalPhones: 'inOrder',
  loopLimitMax: 10,
  contactsMax: 100,
  messageLengthMax: 1_000,
  parameterLengthMax: 1_000,
  missingParameter: 'empty',
  templateSpaces: 'trimmed',
  listOrder: 'newestFirst',
  webhookOfCancelled: 'sent',
  webhookOfFailed: 'sent',
  mixedForm: 'accept',
  waitingRunsInCalls: 'listed',
  adHocParameters: 'kept',
};

/** A set of switches of its own, at their defaults but for the settings. */
export function switchesWith(settings: SwitchSettings = {}): Switches {
  return {
    ...DEFAULT_SWITCHES,
    ...settings,
    runStatusWords: { ...DEFAULT_SWITCHES.runStatusWords, ...settings.runStatusWords },
    errorCodes: { ...DEFAULT_SWITCHES.errorCodes, ...settings.errorCodes },
  };
}
