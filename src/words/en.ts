/**
 * Everything that people read of calls and incidents, by who shows it: the declaration, of which each other language has the
 * same. A text that takes values is a function of plain values; times are given as the texts of `clock.ts`. Logs, metrics,
 * errors and `--help` are English everywhere, and are not here.
 */
import { describeMs } from '../contract/duration.js';
import type { IncidentStateName } from '../contract/incident-states.js';
import type { CallState, Outcome } from '../contract/pigeon-call-schema.js';
import type { Severity } from '../contract/severity.js';

/** As the incident itself, and as Temporal alone may end it. */
type StateName = IncidentStateName | 'terminated' | 'failed';

export const en = {
  /** Parts of many texts. */
  general: {
    /** `90000` → `1m 30s`. */
    duration: (ms: number) => describeMs(ms),
    nobody: 'nobody',
    nothing: 'nothing',
    /** In a sentence. */
    owner: (by: string, keyInput: string | null, step: string | null) =>
      keyInput === null ? by : `${by} (key ${keyInput} at "${step}")`,
    /** In a table. */
    ownerInTable: (by: string, keyInput: string | null, step: string | null) =>
      keyInput === null ? by : `${by} (key ${keyInput} at "${step}")`,
    /** After what they are called for; names with commas between them. */
    people: (names: string) => ` (${names})`,
    /** After the words of a call. */
    reference: (reference: string) => ` (reference ${reference})`,
    states: {
      triggered: 'triggered',
      blocked: 'blocked',
      snoozed: 'snoozed',
      acknowledged: 'acknowledged',
      resolved: 'resolved',
      exhausted: 'exhausted',
      cancelled: 'cancelled',
      terminated: 'terminated',
      failed: 'failed',
    } satisfies Record<StateName, string>,
    severities: {
      critical: 'critical',
      error: 'error',
      warning: 'warning',
      info: 'info',
    } satisfies Record<Severity, string>,
  },

  /** What has happened to an incident, each entry one or two sentences. */
  timeline: {
    opened: (severity: string, summary: string, policy: string) =>
      `Opened (${severity}): ${summary}. Policy "${policy}".`,
    alertChanged: (summary: string, from: string, to: string) =>
      `Reported again, changed: ${summary} (${from} → ${to}).`,
    policyUnreadable: (policy: string, reason: string) =>
      `BLOCKED: the policy "${policy}" cannot be read, and nobody is called: ${reason}`,
    policyRead: (policy: string) => `The policy "${policy}" can be read.`,
    policyGivenUp: (policy: string) =>
      `NOBODY WAS CALLED: the policy "${policy}" could not be read for a day; it is no longer tried.`,
    levelBegan: (level: number, step: string) => `Level ${level}: "${step}" is called.`,
    levelBeganLater: (level: number, step: string) => `Level ${level}: "${step}" comes next.`,
    levelEnded: (level: number, step: string, calls: number, ending: string) =>
      `Level ${level} ("${step}") is over after ${count(calls, 'telephone call')}: ${ending}.`,
    levelAnswered: (who: string | null, keyInput: string | null) => `${who ?? 'somebody'} pressed ${keyInput}`,
    levelUnanswered: 'its attempts are used up',
    levelNotPlaced: 'Pigeon had no place for it, or no line; it gives way, and is called again in the next round',
    levelNobody: 'there was nobody to call',
    levelStoodDown: 'it was stopped',
    callsPlaced: (attempt: number, attempts: number | null, step: string, calls: number) =>
      `Attempt ${attempt}${attempts === null ? '' : ` of ${attempts}`} of "${step}": ${count(calls, 'call')} placed.`,
    callEnded: (step: string, calls: number, end: string) =>
      `A call of "${step}" ended after ${count(calls, 'telephone call')}: ${end}.`,
    callOutcomes: {
      answered: 'answered',
      unanswered: 'nobody pressed a key that decides',
      rejected: 'the queue of Pigeon stayed full',
      aborted: 'somebody aborted it in Pigeon',
      timedOut: 'its time was over',
      unknown: 'nobody knows whether it rang',
      refused: 'Pigeon refuses what it asks for',
      hungUp: 'we hung up',
      nobody: 'NOBODY WAS CALLED',
    } satisfies Record<Outcome | 'refused' | 'hungUp' | 'nobody', string>,
    /** After an outcome. */
    pressedToo: (who: string | null, keyInput: string) => `, ${who ?? 'somebody'} pressed ${keyInput}`,
    /** After an outcome. */
    because: (message: string) => ` (${message})`,
    callBlocked: (step: string, reason: string) =>
      `Blocked: a call of "${step}" cannot continue: ${reason}. It continues automatically and uses no attempt.`,
    callUnblocked: (step: string) => `No longer blocked: the call of "${step}" continues.`,
    callWaiting: (step: string, reason: string) =>
      `WAITING: a call of "${step}" has no place: ${reason} It asks again and uses no attempt.`,
    callTaken: (step: string) => `The call of "${step}" waits for a place no longer.`,
    levelLost: (step: string, message: string) =>
      `LOST: the level "${step}" is gone: ${message}. What it had placed may keep ringing; the policy continues.`,
    cancelledBySomebody: 'it was cancelled by somebody',
    levelCancelled: (step: string) =>
      `Somebody cancelled the level "${step}": it is hung up, and the policy continues.`,
    hangingUp: (calls: number) => `Hanging up ${count(calls, 'call')}.`,
    keyLate: (who: string | null, keyInput: string, step: string) =>
      `${who ?? 'Somebody'} pressed ${keyInput} at "${step}", but that level was over: it changes nothing.`,
    alsoAcknowledged: (who: string | null, keyInput: string, step: string) =>
      `${who ?? 'Somebody'} pressed ${keyInput} at "${step}" to acknowledge, but that level was over: it changes nothing. Tell them.`,
    waiting: (step: string, ms: number, reason: string) => `"${step}" is called in ${describeMs(ms)}: ${reason}.`,
    waitReasons: {
      nextAttempt: 'the next attempt',
      budget: 'the budget of calls is used up until then',
      nothingRang: 'every step was tried and no telephone rang',
      delay: 'the policy waits so long before it',
    },
    snoozed: (by: string, ms: number, step: string) =>
      `Snoozed by ${by}: nobody is called for ${describeMs(ms)}, then "${step}" again.`,
    acknowledged: (owner: string, due: string, note: string) => `${owner} owns the incident. ${due}${note}`,
    dueNever: 'That is all this incident was opened for.',
    dueWhenever: 'Nobody is called until it is resolved.',
    due: (ms: number) => `Nobody is called; not resolved within ${describeMs(ms)}, the calls start again.`,
    note: (note: string) => ` Note: ${note}`,
    takenOver: (owner: string, from: string, note: string) => `${owner} takes over from ${from}.${note}`,
    held: (by: string, reason: string, ms: number, step: string) =>
      `Held by a silence of ${by} (${reason}): nobody is called for ${describeMs(ms)}; what is open then is called at "${step}".`,
    holdEnded: (why: string, step: string) => `${why}: "${step}" is called.`,
    holdEnds: {
      over: (_by: string) => 'The silence is over',
      ended: (by: string) => `${by} has ended the silence`,
      severity: (_by: string) => 'The silence is not for alerts of this severity',
      reported: (_by: string) => 'It was reported by an alert that no silence is for',
    },
    snoozeEnded: (step: string) => `The snooze is over: "${step}" is called again.`,
    notResolvedInTime: (by: string) => `${by} did not resolve the incident in time: the calls start again.`,
    released: (by: string) => `${by} no longer owns the incident.`,
    worseWhileSnoozed: (severity: string) => `It has got worse (${severity}): the snooze ends.`,
    worseWhileOwned: (severity: string, by: string) =>
      `It has got worse (${severity}): ${by} owns it, and people are called again.`,
    newsNotTaken: (by: string) => `Nobody took the news: ${by} still owns the incident.`,
    escalated: (by: string, from: string, to: string) => `Escalated by ${by} from "${from}" to "${to}".`,
    hangUpAsked: (by: string) => `${by} asked to hang up, without owning the incident.`,
    runStarted: (owner: string, workflow: string, ms: number) =>
      `${owner} starts the workflow ${workflow}, and owns the incident until it has ended, at most ${describeMs(ms)}.`,
    runEnded: 'The workflow has ended.',
    runFailed: (message: string) => `The workflow failed: ${message}.`,
    runLeft: (seconds: number, id: string) =>
      `it was cancelled and has not ended after ${seconds} s; it is left to itself: ${id}`,
    runTookTooLong: 'The workflow did not end in time and is cancelled.',
    runCancelled: 'The workflow was cancelled.',
    resolved: (by: string, note: string) => `Resolved by ${by}.${note}`,
    resolvedByKey: (by: string, note: string) => `Resolved by ${by}, by key.${note}`,
    exhausted: 'EXHAUSTED: the policy has ended, and nobody was reached.',
    exhaustedAndOpen: (ms: number) =>
      `EXHAUSTED: the policy has ended, and nobody was reached. The incident stays open, unattended: its next report calls again; without one it closes in ${describeMs(ms)}.`,
    nothingRang: (reason: string, step: string, ms: number) =>
      `BLOCKED: the policy has ended and no telephone rang (${reason}). It begins again with "${step}" in ${describeMs(ms)}.`,
    /** Why nothing rang: the last call of that round. */
    lastOfRound: (step: string, end: string) => `"${step}": ${end}`,
    noCallPlaced: 'no call was placed',
    neverRang: (ms: number, reason: string) =>
      `NOBODY WAS CALLED in ${describeMs(ms)}, in whatever round (${reason}): it is no longer tried.`,
    roundEnded: (round: number, times: number) =>
      `Nobody took it: round ${round} of ${times} is over, and the policy begins again.`,
    begunAgain: (step: string) => `Reported again while nobody attended to it: the policy begins again with "${step}".`,
    leftUnattended: 'Nobody has attended to it, and it was not reported again: it closes.',
    cancelled: 'The incident was cancelled.',
    closed: (state: string, calls: number) => `Closed as ${state} after ${count(calls, 'telephone call')}.`,
  },

  /** Whom a call reaches where that is known only when it is placed. */
  callees: {
    /** In the place of a name. */
    onDuty: (schedule: string) => `on duty (${schedule})`,
    nextOnDuty: (schedule: string, next: number) => `next ${next === 1 ? '' : `${next} `}on duty (${schedule})`,
    /** In the timeline; each of them as below. */
    calls: (people: string) => `Calls ${people}.`,
    callsWithout: (people: string, missing: string) => `Calls ${people}. MISSING: ${missing}.`,
    named: (name: string) => name,
    calledOnDuty: (name: string, by: string) => `${name}, on duty by ${by}`,
    calledOnDutyUntil: (name: string, by: string, until: string) => `${name}, on duty by ${by} until ${until}`,
    calledNext: (name: string, by: string) => `${name}, next on duty by ${by}`,
    bySchedule: (schedule: string, layer: string | null) => `"${schedule}"${layer === null ? '' : ` (${layer})`}`,
    /** After the schedule. */
    asCopied: ', as it was when the incident opened, since it cannot be read',
    /** In the place of a layer. */
    override: (note: string | null) => `override${note === null ? '' : `: ${note}`}`,
    overrideOf: (of: string, by: string, reason: string | null) =>
      `override${of === '' ? '' : ` of ${of}`} by ${by}${reason === null ? '' : `: ${reason}`}`,
    unconfirmed: (override: string) => `${override}; unconfirmed`,
    /** Of those who are called after people who have not confirmed. */
    sinceUnconfirmed: (people: string) => `since ${people} has not confirmed`,
    /** Who is missing. */
    noNumber: (handle: string) => `no number of "${handle}" is known`,
    dutyUnreadable: (schedule: string) => `it cannot be read who is on duty by "${schedule}"`,
    nobodyOnDuty: (schedule: string) => `nobody is on duty by "${schedule}"`,
    nobodyFollows: (schedule: string) => `nobody else follows by "${schedule}"`,
    /** Of a call for which nobody is left. */
    nobody: (missing: string) => `${missing}.`,
  },

  /** Shown beside each update in the Web UI, where they are chosen. */
  updates: {
    examples: {
      acknowledge:
        'Take it: all telephones are hung up. {"by": "sato"}; from its owner: {"by": "sato", "takeOver": true}',
      resolve: 'It is over: nobody is called any more. {"by": "sato", "note": "disk replaced"}',
      escalate: 'Call others now. As the policy says: {"by": "sato"}; this step: {"by": "sato", "to": "manager"}',
      snooze: 'Call nobody for a while, then the same people again. {"by": "sato", "for": "30m"}',
      hangUp: 'Hang up, but take nothing: the next attempt follows. {"by": "sato"}',
      alert:
        'For monitoring: report the same incident again. {"alert": {"summary": "disk full", "severity": "critical"}}',
    },
    /** Of the workflow `duty`. */
    ofDuty: {
      override:
        'Put somebody else on duty, for the rest of the running shift: {"people": ["suzuki"], "by": "sato", "reason": "sato is sick"}; for a shift: {"people": ["suzuki"], "shift": "weekly/2026-12-07"}; for a time: {"people": ["suzuki"], "from": "2026-12-07T18:00", "until": "2026-12-08T09:00"}. "preview": true only says what it comes to.',
      take: 'I take over now, until the end of the shift: {"person": "suzuki", "reason": "sato is sick"}. Until when: {"person": "suzuki", "preview": true}',
      swap: 'Two shifts change hands as soon as all have confirmed it: {"shift": "weekly/2026-12-07", "with": "weekly/2026-12-14", "person": "sato"}; at once: {"shift": "…", "with": "…", "agreed": true}',
      confirm: 'I know that I am on duty: {"person": "suzuki"}; one of several: {"person": "suzuki", "number": 3}',
      remove: 'As if it had never been made: {"number": 3, "by": "sato", "reason": "he is well again"}',
      overrides: 'All of them, with those that were removed or are over.',
    },
    /** Of the workflow `silences`. */
    ofSilences: {
      add: 'Call nobody for these alerts, for a while; what still fires at the end is called then: {"labels": {"service": "web"}, "for": "2h", "by": "sato", "reason": "new disks"}; critical ones, too: "critical": true',
      end: 'What it holds is called now: {"number": 3, "by": "sato", "reason": "done"}',
      silences: 'All of them, with the newest that are over.',
    },
    signal: 'For other workflows. People send the update of this name, which is answered.',
    check: 'Look at the results now, not at the next poll.',
    status: 'What is happening, who owns it, what comes next.',
    timeline: 'What has happened, newest 500 entries.',
  },

  /** What an update of an incident is answered: what was done, or why it was refused. */
  answers: {
    ownsAndCloses: (by: string) => `${by} owns the incident. It was opened until somebody owns it, so it closes.`,
    owns: (by: string, within: string) =>
      `${by} owns the incident. Resolve it within ${within}, or the calls start again.`,
    ownsForGood: (by: string) => `${by} owns the incident. Nobody is called until it is resolved.`,
    ownsWithoutPolicy: (by: string) =>
      `${by} owns the incident. Its policy cannot be read: within what time it must be resolved is not known.`,
    hasOwned: (by: string, ms: number) => `${by} has owned the incident for ${describeMs(ms)}.`,
    takeOverInstead: (owns: string) => `${owns} Acknowledge with takeOver to own it instead.`,
    tookOver: (by: string, from: string) => `${by} owns the incident instead of ${from}.`,
    resolved: 'The incident is resolved. Nobody is called any more.',
    notBeingCalled: (from: string, called: string | null) =>
      `"${from}" is not being called: ${called === null ? 'nobody is' : `"${called}" is`}. Nothing was changed.`,
    nothingAfter: (step: string, steps: string) => `Nothing comes after "${step}". Name a step: ${steps}.`,
    noSuchStep: (step: string, steps: string) => `The policy has no step "${step}". It has ${steps}.`,
    noSteps: (policy: string, reason: string) =>
      `The policy "${policy}" cannot be read, so there are no steps: ${reason}`,
    calledAlready: (step: string) => `"${step}" is being called already.`,
    calledAfterBudget: (step: string, ms: number) =>
      `"${step}" is called in ${describeMs(ms)}: the budget of calls is used up until then.`,
    calledNow: (step: string) => `"${step}" is called now.`,
    calledAfterHangUp: (step: string) => `"${step}" is called as soon as what rings is hung up.`,
    noDuration: (given: string) => `"${given}" is not a duration such as 30s, 5m, 4h or 2d.`,
    snoozeTooLong: (given: string, longest: string) => `"${given}" is too long: snooze for at most ${longest}.`,
    snoozed: (duration: string, step: string) => `Nobody is called for ${duration}; then "${step}" is called again.`,
    nothingToHangUp: 'No call is live, so there is nothing to hang up.',
    hangingUpAlready: 'Every live call is being hung up already.',
    hangingUp: (whatFollows: string) => `Every live call is being hung up. Nobody owns the incident: ${whatFollows}.`,
    followsDecision: 'what was decided before follows',
    followsAttempt: 'the level continues with its next attempt',
    followsStep: (step: string, next: string) => `this was the last attempt of "${step}", "${next}" follows`,
    followsEnd: (step: string) => `this was the last attempt of "${step}", and the policy ends here`,
    held: (until: string) => `A silence is for this alert: nobody is called until ${until}.`,
    holdEnded: (step: string) => `No silence is for this alert any more: "${step}" is called.`,
    begunAgain: (step: string) => `Nobody attended to the incident: "${step}" is called again.`,
    opened: 'The incident is open.',
    nothingNew: 'Nothing new: the incident is known as it was reported.',
    unchanged: 'Nothing new: the incident continues.',
    changed: 'The incident continues with the changed alert.',
    changedButParameters: (most: number) =>
      `The incident continues with the changed alert, but its parameters are longer than ${most} characters: those of before stay.`,
    tooManyChanges:
      'The incident has changed too often, and what is left is for people. It continues; report the newest again in a minute.',
    tooLate: (state: string, ms: number) => `The incident has been ${state} for ${describeMs(ms)}.`,
  },

  /** What the Web UI and `status` show of an incident and of a level: what is happening, and what comes next. */
  incident: {
    headline: (state: string) => state.toUpperCase(),
    /** Markdown. */
    title: (state: string, severity: string, summary: string) => `**${state.toUpperCase()}** (${severity}): ${summary}`,
    notOver: (state: string) => `It is ${state}; what still rings or runs is being ended.`,
    over: (state: string, calls: number) => `It is ${state}, after ${count(calls, 'telephone call')}.`,
    isState: (state: string) => `It is ${state}.`,
    cancelledByWhom: ' By whom is in its Event History, at WorkflowExecutionCancelRequested.',
    exhausted: (calls: number) =>
      `EXHAUSTED: the policy has ended and nobody was reached, after ${count(calls, 'telephone call')}.`,
    exhaustedAndOpen: (calls: number) =>
      `EXHAUSTED: the policy has ended and nobody was reached, after ${count(calls, 'telephone call')}. Nobody is called, and nobody attends to it.`,
    nothingRang: (reason: string) =>
      `BLOCKED, nobody is called: in the last round of the policy no telephone rang (${reason}).`,
    policyUnreadable: (reason: string) => `BLOCKED, nobody is called: ${reason}`,
    hangingUpFirst: (step: string) => `Hanging up; then "${step}" is called.`,
    worse: (owner: string) => `It has got worse; ${owner} owns it. `,
    snoozed: (until: string) => `Snoozed until ${until}. Nobody is called until then.`,
    held: (until: string, by: string, reason: string) =>
      `Held until ${until} by a silence of ${by} (${reason}). Nobody is called until then.`,
    owned: (owner: string) => `${owner} owns it. Nobody is called.`,
    ownedWithoutPolicy: (owner: string) =>
      `${owner} owns it. Nobody is called. Its policy cannot be read: within what time it must be resolved is not known.`,
    running: (owner: string, workflow: string) =>
      `${owner} owns it, and the workflow ${workflow} is running. Nobody is called.`,
    level: (level: number, step: string) => `level ${level} "${step}"`,
    blocked: (reason: string, level: string) => `BLOCKED: ${reason} (${level})`,
    blockedAndNobodyCalled: (reason: string, level: string) => `BLOCKED, nobody is called: ${reason} (${level})`,
    waitingForPlace: (level: string, reason: string) =>
      `WAITING for a place (${level}): ${reason} It is asked again; this uses no attempt.`,
    waiting: (level: string, attempt: number, attempts: number | null, at: string) =>
      `Waiting: ${level}, attempt ${ofAttempts(attempt, attempts)} at ${at}. Nobody is ringing.`,
    hangingUp: (level: string) => `Hanging up (${level}).`,
    calling: (level: string, attempt: number, attempts: number | null) =>
      `Calling: ${level}, attempt ${ofAttempts(attempt, attempts)}.`,
    levelOver: 'This level is over.',

    nextStep: (step: string) => `"${step}" is called as soon as nothing rings`,
    nextOfUnattended: (step: string, at: string) =>
      `somebody must look; its next report calls "${step}" again; without one it closes ${at}`,
    nextAfterDelay: (at: string, step: string) => `${at}: "${step}" is called`,
    nextAfterSnooze: (at: string, step: string) => `${at}: "${step}" is called again`,
    nextAfterHold: (at: string, step: string) => `${at}: "${step}" is called, unless it is resolved by then`,
    nextForOwner: (at: string) => `${at}: the owner is called again, as it has got worse`,
    nextUnresolved: (at: string, step: string) => `${at}: not resolved by then, "${step}" is called`,
    nextWhenResolved: 'nobody is called until it is resolved',
    nextOfRun: (workflow: string, then: string, at: string, onFailure: string) =>
      `when ${workflow} succeeds, ${then}; when it fails, or still runs at ${at}, ${onFailure}`,
    thenOwnerKeeps: 'the owner keeps it',
    thenResolved: 'the incident is resolved',
    thenCalled: (step: string) => `"${step}" is called`,
    thenCalledAfter: (step: string, after: string) => `"${step}" is called ${after} later`,
    thenNextRound: (step: string, every: string) => `the policy begins again with "${step}" ${every} later`,
    thenSnoozed: (duration: string) => `nobody is called for ${duration}`,
    thenExhausted: 'the incident ends as exhausted',
    nextCloses: 'it closes as soon as nothing rings or runs',
    nextOfExhausted: 'nobody is called any more, somebody must look; the next report opens a new incident',
    nextOfClosed: 'nothing; the next report opens a new incident',
    nextWhenReadable: 'it continues as soon as Pigeon answers',
    nextWhenResumed: (step: string) => `when calling is resumed, or the pause has ended, "${step}" is called`,
    nextWhenItWorks: (step: string) => `it is tried again about every minute; when it works, "${step}" is called`,
    nextAttempt: (step: string, every: string) => `"${step}" is called again ${every} later`,
    nextAfterTheseCalls: (next: string) => `when these calls have ended and nobody took it, ${next}`,
    nextAfterThat: (next: string, further: string) => `${next}; after that, if nobody took it, ${further}`,
    nextRead: (when: string, policy: string) =>
      `${when}: the policy "${policy}" is read again; when it is right, people are called`,
    nextReadForOwner: (when: string, policy: string) =>
      `${when}: the policy "${policy}" is read again; when it is right, its owner keeps it`,
    atLeastEveryTenMinutes: 'at the latest every ten minutes',
    nextUnwritten: 'people are called until somebody owns it',

    rowNow: 'Now',
    rowOwner: 'Owner',
    rowRinging: 'Ringing',
    rowNext: 'Next',
    rowSnoozedBy: 'Snoozed by',
    rowLastCall: 'Last call',
    rowLevel: 'Level',
    rowSoFar: 'So far',
    rowToCorrect: 'To correct it',
    levelInTable: (level: number, step: string) => `${level} "${step}"`,
    lastCall: (at: string, step: string, end: string) => `${at}, "${step}": ${end}`,
    soFar: (calls: number, since: string, policy: string) =>
      `${callsEnded(calls)}; in this state since ${since}; policy \`${policy}\``,
    soFarOfLevel: (calls: number) => callsEnded(calls),
    correctPolicy: "the policy's file in the policy folder of the workers; `check` reads it at once",
    /** Followed by whom it calls. */
    levelTitle: (level: number, step: string, people: string) => `Level ${level} "${step}"${people}.`,
    ofIncident: (id: string) => `Of the incident \`${id}\`: acknowledge, resolve or escalate there.`,
    whatHappened: (zone: string) => `**What happened** (newest first, ${zone})`,
    /** With data that can be typed as it stands, but for the name. */
    toTakeIt:
      '**To take it**: *More Actions*, *Send an Update*, `acknowledge`, as its data `{"by": "sato"}` with your name. Red means refused: nothing was changed.',
    toEndIt: '**To end it**: *More Actions*, *Send an Update*, `resolve`, as its data `{"by": "sato"}` with your name.',
    howToAct: '**How to act**: *More Actions*, *Send an Update*, and with its data:',
    howTo: 'To',
    howToUpdate: 'Update',
    howToData: 'Data',
    howToTakeIt: 'take it',
    howToTakeOver: 'take it from its owner',
    howToEndIt: 'end it',
    howToEscalate: 'call the next people now',
    howToSnooze: 'call nobody for a while',
    yourName: 'your name',
    whatHelped: 'what helped',
    howToStop:
      'To stop everything: *Request Cancellation*. Never *Terminate*: a telephone that rings would keep ringing.',

    /** Of a live call. */
    waitsForLine: 'Pigeon has the call; it waits for a free line.',
    nobodyRings: 'Pigeon has the call; nobody rings yet.',
    hangingUpCall: 'Hanging up.',
    hangingUpWhom: (who: string | null) => `Hanging up ${who ?? 'somebody'}.`,
    beingCalled: (who: string | null, since: string | null, loop: number | null) =>
      `${who ?? 'somebody'} is being called${since === null ? '' : ` since ${since}`}${inPass(loop)}.`,
    nextContact: (who: string, loop: number | null) => `${who}${inPass(loop)}; the next contact follows.`,
    /** What somebody did at the telephone, by Pigeon's word. */
    did: {
      missed: 'did not pick up',
      ignored: 'picked up, but pressed no key',
      failed: 'could not be rung: busy, out of reach or a wrong number',
      aborted: 'was hung up',
    },
    didPress: (keyInput: string) => `pressed ${keyInput}`,
    didOther: (status: string) => `ended as ${status}`,
    whoDid: (who: string | null, did: string) => `${who ?? 'somebody'} ${did}`,
    times: (words: string, times: number) => `${words} (${times}×)`,

    /** In the list of a workflow's events. */
    summaryOfLevel: (level: number, step: string, people: string) => `Level ${level}: ${step}${people}`,
    summaryOfRun: (keyInput: string, workflow: string) => `Key ${keyInput} starts ${workflow}`,
    summaryOfCancelledRun: 'for the cancelled workflow to end',
  },

  /** What the Web UI and `status` show of one call, and its notes, which its result keeps. */
  call: {
    headlines: {
      invoking: 'Placing the call',
      waiting: 'Waiting: the queue is full',
      blocked: 'BLOCKED',
      looking: 'Unknown whether it rings',
      calling: 'Calling',
      hangingUp: 'Hanging up',
      ended: 'Ended',
    } satisfies Record<CallState, string>,
    /** Markdown. */
    title: (headline: string, message: string) => `**${headline}**: ${message}`,
    outcomes: {
      answered: 'answered',
      unanswered: 'unanswered',
      rejected: 'rejected',
      aborted: 'aborted',
      timedOut: 'timedOut',
      unknown: 'unknown',
      cancelled: 'cancelled',
      failed: 'failed',
    } satisfies Record<Outcome | 'cancelled' | 'failed', string>,
    onItsWay: 'The request to call is on its way to Pigeon.',
    onItsWayAgain: 'The request to call is on its way to Pigeon, again.',
    taken: 'Pigeon has the call.',
    runEnded: (status: string) => `The run has ended: ${status}.`,
    waitsForLine: (status: string) => `Pigeon has the call; it waits for a free line (${status}).`,
    nobodyYet: (status: string) => `Pigeon has the call; nobody was called yet (${status}).`,
    beingCalled: (who: string | null, status: string, loop: number | null) =>
      `${who ?? 'somebody'} is being called (${status}${loop === null ? '' : `, pass ${loop}`}).`,
    nextContact: (who: string | null, status: string) => `${who ?? 'somebody'}: ${status}; the next contact follows.`,
    queueFull: (message: string | null) => `The queue of the space is full${message === null ? '' : ` (${message})`}.`,
    othersFirst: 'The queue of the space is full: other calls go first.',
    nothingRings: (message: string) => `Nothing rings: ${message}`,
    resultUnreadable: (message: string) => `The call was placed, but its result cannot be read: ${message}`,
    lookingFor: (reference: string) => `It is not known whether Pigeon has the call; looking for ${reference}.`,
    lookedFor: (reference: string, looks: number) =>
      `It is not known whether Pigeon has the call; looked for ${reference} ${looks} times.`,
    lookedForInVain: (reference: string, looks: number, message: string) =>
      `It is not known whether Pigeon has the call; looked for ${reference} ${looks} times, and Pigeon refuses its list of calls: ${message}`,
    cannotBeAsked: (message: string) =>
      `It is not known whether Pigeon has the call, and it cannot be asked: ${message}`,
    hangingUp: (why: string) => `Hanging up: ${why}.`,
    hangingUpUnreadable: (message: string) => `Hanging up; the result cannot be read: ${message}`,
    notHungUpYet: (resultId: string, message: string) => `Run ${resultId} could not be hung up yet: ${message}`,
    doubleNotHungUpYet: (resultId: string, message: string) =>
      `The double run ${resultId} could not be hung up yet: ${message}`,
    whyCancelled: 'cancelled',
    whyDeadline: (ms: number) => `the deadline of ${describeMs(ms)} has passed`,
    whyStuck: 'nothing happens in its run any more',
    over: (outcome: string) => `The call is over: ${outcome}.`,
    looksFor: (references: string) => `Looks for ${references}.`,
    noWorkerTook: 'no worker took the request: start one that serves its queue',
    workerSilent: 'the worker did not report back in time; it may have been killed',
    activityFailed: 'the activity failed',

    noLongerBlocked: (ms: number) => `No longer blocked, after ${describeMs(ms)}.`,
    refusedAgain: (reference: string, message: string) => `POST ${reference} was refused: ${message}`,
    takenAfter: (ms: number) => `Pigeon took the call after ${describeMs(ms)} in which its queue was full.`,
    notConfirmed: (reference: string, message: string) => `POST ${reference} was not confirmed: ${message}`,
    callsAgain: (reference: string) => `POST ${reference} was not found: calling again, it may ring twice.`,
    found: (reference: string, resultId: string) => `POST ${reference} was found as run ${resultId}.`,
    notAsked: (reference: string) => `POST ${reference}: Pigeon could not be asked for its run.`,
    notAskedBecause: (reference: string, message: string) =>
      `POST ${reference}: Pigeon could not be asked for its run: ${message}`,
    turnedUp: (resultId: string, reference: string, status: string, choice: string) =>
      `The lost run ${resultId} (${reference}) turned up (${status}): ${choice}.`,
    choices: {
      followed: 'followed from here on',
      hungUp: 'hung up',
      over: 'over, it changes nothing',
    },
    doubleHungUp: (resultId: string) => `The double run ${resultId}: hanging up was accepted.`,
    doubleRefused: (resultId: string) => `The double run ${resultId}: hanging up was refused, it may be over.`,
    stopped: (why: string) => `Stopped (${why}); no run exists.`,
    stillActive: (resultId: string, ms: number) =>
      `Run ${resultId} was still active ${describeMs(ms)} after hanging up.`,
    stillActiveAndRefused: (resultId: string, ms: number) =>
      `Run ${resultId} was still active ${describeMs(ms)} after hanging up, which Pigeon never accepted.`,
    notFound: (reference: string) => `POST ${reference} was not found: if Pigeon has it, it may ring.`,
    notHungUp: (resultId: string) => `Run ${resultId} could not be hung up; it may keep ringing.`,
    lookedForBy: (workflowId: string) => `It is looked for by ${workflowId}, and hung up when it turns up.`,

    waitUntil: (what: string, at: string) => `${what} (${at})`,
    waitForPoll: (seconds: number) => `wait_time: ${seconds} s until the next poll`,
    waitToAskAgain: (ms: number) => `asked again in ${describeMs(ms)}`,
    waitForFirstLook: 'before the first look for the run',
    waitForNextLook: 'before the next look for the run',
    waitForNextLookForLost: 'before the next look',

    /** In the list of a workflow's events. */
    summaryOfPost: (people: string, reference: string) => `POST chain/invoke${people}, reference ${reference}`,
    summaryOfAbort: 'POST chain/abort',
    summaryOfPoll: (people: string, poll: number) => `GET results${people}, poll ${poll}`,
    summaryOfPollAfterAbort: 'GET results, after the abort',
    summaryOfLostRun: (reference: string) => `the run that was lost: ${reference}`,
    summaryOfSearch: 'look for the run by its reference',
    summaryOfDeadline: (at: string) => `hung up if it still rings at ${at} (deadline)`,
    summaryOfAborted: 'until the end of the aborted run is known',
    summaryOfLostRuns: (references: string) => `Looks for ${references}`,

    rowWhat: 'What',
    rowNow: 'Now',
    rowState: 'State',
    rowRun: 'Run in Pigeon',
    rowReference: 'Reference',
    rowStatus: "Pigeon's status",
    rowPolls: 'Looks at the result',
    rowNext: 'Next',
    rowDeadline: 'Hung up at the latest',
    rowOutcome: 'Outcome',
    rowKey: 'Key',
    rowAnsweredBy: 'Answered by',
    columnCall: 'Call',
    columnContact: 'Contact',
    columnStatus: 'Status',
    columnStarted: 'Started',
    stateSince: (state: string, at: string) => `${state} since ${at}`,
    noneYet: 'none yet',
    notSeenYet: 'not seen yet',
    underWay: 'under way',
    none: 'none',
    howToHangUp: 'To hang up: *Request Cancellation* (not Terminate). To look at once: send the signal `check`.',
  },

  /** Overrides that are made while a schedule is in use: who takes over, until when, and why. */
  duty: {
    onDuty: (people: string, former: string | null, layer: string | null, from: string, until: string) =>
      `${people} on duty from ${from} until ${until}${layer === null ? '' : ` (${layer})`}${former === null ? '' : `, instead of ${former}`}.`,
    askedBy: (number: number, by: string) => `Override #${number}, asked by ${by}.`,
    askedWhy: (number: number, by: string, reason: string) => `Override #${number}, asked by ${by}: ${reason}.`,
    waitsFor: (people: string) => `It does NOT count yet: ${people} must confirm it.`,
    unconfirmed: (people: string) =>
      `UNCONFIRMED: somebody else put ${people} on duty. Until that is confirmed, those who were on duty before are called right after.`,
    removed: (number: number, by: string) =>
      `Override #${number} is removed by ${by}: the schedule counts as if it had never been made.`,
    restored: (added: number, known: number) => `${count(added, 'override')} put back, ${known} there already.`,
    holdsFrom: (at: string) => `Every worker knows it from ${at} on.`,
    preview: (described: string) => `${described} Nothing has been changed yet.`,
    onDutyAlready: (people: string, until: string | null) =>
      `${people} is on duty already${until === null ? '' : `, until ${until.slice(0, 16).replace('T', ' ')}`}.`,
    /** Why nothing was changed. */
    noPerson: 'Nobody is named. Say who: "person": "suzuki".',
    noShifts: 'Name both shifts: "shift": "weekly/2026-12-07", "with": "weekly/2026-12-14".',
    noTime: (written: string) => `"${written}" is no time such as 2026-12-01T09:00.`,
    noTimeLeft: 'It would end before it begins.',
    isPast: (until: string) => `That was over at ${until.slice(0, 16).replace('T', ' ')}.`,
    untilWhen: 'Say until when: "until": "2026-12-01T09:00".',
    noEnd: 'What runs now has no end. Say until when: "until": "2026-12-01T09:00".',
    endsBefore: (end: string) =>
      `The running shift ends at ${end.slice(0, 16).replace('T', ' ')}: take it until then, or make an override for a longer time.`,
    notOnDuty: (person: string) => `${person} is not on duty then.`,
    nobodyHasIt: (shift: string) => `Nobody has the shift ${shift}.`,
    samePeople: (people: string) => `${people} has both shifts.`,
    stranger: (person: string) =>
      `Nobody is called "${person}": neither the file of people nor the schedule has such a handle.`,
    whichLayer: (layers: string) => `Say of which layer, as in weekly/2026-12-07. The layers are ${layers}.`,
    noLayer: (layer: string, layers: string) => `There is no layer "${layer}". The layers are ${layers}.`,
    noShift: (shift: string, next: string) =>
      `No shift begins at ${shift}.${next === '' ? '' : ` The next ones are ${next}.`}`,
    isCovered: (by: string) => `Another override covers that time (${by}): remove that one first.`,
    noSchedule: (schedule: string) => `The workers cannot read a schedule "${schedule}" in their folder.`,
    tooMany: (most: number) =>
      `There are ${most} overrides already that are not over: remove some, or write them into the file of the schedule.`,
    noSuchOverride: (number: number) => `There is no override #${number}.`,
    whichOne: (numbers: string) =>
      numbers === '' ? 'There is no override that is not over.' : `Say which one: ${numbers}.`,
    isOverAlready: (number: number) => `Override #${number} is over or removed.`,
    nothingToConfirm: (person: string) => `No override waits for ${person}.`,
    notTheirs: (person: string, number: number) => `Override #${number} does not put ${person} on duty.`,
    /** Markdown. */
    heading: (schedule: string, people: string) =>
      `Overrides that count now: **${people}**. Who is on duty: \`pigeonflow schedule who ${schedule}\``,
    none: 'There is no override besides those of the file.',
    asPlanned: (schedule: string) => `On duty by \`${schedule}\`: as its file has it. No override counts now.`,
    columnPeople: 'On duty',
    columnTime: 'When',
    columnWhy: 'Asked by',
    insteadOf: (people: string, former: string) => `${people} instead of ${former}`,
    why: (by: string, reason: string) => `${by}: ${reason}`,
    columnState: 'State',
    counts: 'counts',
    proposed: (people: string) => `does NOT count: waits for ${people}`,
    unconfirmedBy: (people: string) => `unconfirmed by ${people}`,
    removedBy: (by: string) => `removed by ${by}`,
    isOver: 'over',
    summaryOfSearch: 'look up the shift',
    summaryOfAnswer: 'until every worker knows',
  },

  /** `pigeonflow schedule`. */
  schedule: {
    /** 0 is Sunday. */
    weekday: (day: number) => weekdayOf(day),
    moment: (weekday: number, date: string, time: string) => `${weekdayOf(weekday)} ${date} ${time}`,
    always: 'always',
    forEver: 'for ever',
    span: (from: string, to: string) => `${from} to ${to}`,
    nobody: 'nobody',
    line: (what: string, value: string) => `${what}: ${value}`,
    turnBy: (people: string, by: string) => `${people} (${by})`,
    when: (span: string, timeZone: string) => `${span}, ${timeZone}`,
    next: (people: string, at: string) => `next: ${people}, ${at}`,
    nobodyElse: 'nobody else within 400 days',
    nobodyMoved: (days: number) => `Nobody is moved within ${days} days.`,
    override: 'override',
    overrideBy: (number: number, by: string) => `override #${number} by ${by}`,
    overrideWhy: (override: string, why: string) => `${override}: ${why}`,
    overrideUnconfirmed: (override: string) => `${override}; unconfirmed`,
    shiftStarts: (schedule: string, person: string, from: string, until: string) =>
      `${schedule}: the shift of ${person} starts ${from}, until ${until}.`,
    shiftTakesOver: (people: string) => `Before: ${people}.`,
    shiftFollowedBy: (people: string) => `After: ${people}.`,
    shiftEnded: (schedule: string, person: string, from: string, until: string) =>
      `${schedule}: the shift of ${person} ended ${until}, since ${from}.`,
    shiftLoad: (calls: number, atNight: number, owned: number) =>
      `${count(calls, 'telephone call')}, ${atNight} of them at night; ${count(owned, 'incident')} owned.`,
    shiftLongest: (duration: string) => `Longest time to acknowledge: ${duration}.`,
    shiftUnread: (incidents: number) => `Not counted, since they could not be read: ${count(incidents, 'incident')}.`,
    noShifts: 'No shift starts or has ended in that time.',
    /** Of the calendar's page. */
    finalRow: 'on duty',
    asPlanned: (why: string) => `AS PLANNED in the file: it is not known whether somebody has taken over. ${why}`,
    ask: '[y/N] ',
    noTerminal: 'There is no terminal to ask on: give --yes.',
    noPeople: 'Give the handle of the person who is on duty instead.',
    noName: (written: string) => `"${written}" is not the name of a schedule, such as web.`,
    noNumber: 'An override has a number, from 1 on: see pigeonflow schedule overrides.',
    notPrinted: (file: string) => `--restore ${file} is not what \`pigeonflow schedule overrides --json\` prints.`,
    nothingPrinted: (file: string) => `--restore ${file} has no override.`,
  },

  /** The pause of all calling. */
  pause: {
    description: (by: string, since: string, until: string, zone: string, reason: string) =>
      `all calling is paused by ${by} from ${since} until ${until} ${zone}: ${reason}`,
    /** Markdown. */
    details: (description: string) =>
      `**PAUSED**: ${description}\n\nCalls wait, and use no attempt. To continue: \`pigeonflow resume --reason …\`, or send the signal \`resume\`.`,
    told: (description: string) => `PAUSED: ${description}. To continue: pigeonflow resume --reason <text>`,
    done: (description: string) => `Done: ${description}`,
    unchanged: (description: string) => `Nothing was changed: ${description}`,
    resumed: 'Calls are placed again, those that wait within a minute.',
    asked: 'Asked to resume, but no worker answers: calls are placed again as soon as one runs.',
    notPaused: 'Calling was not paused.',
  },

  silence: {
    fromIntegration: (name: string) => `sent by ${name}`,
    description: (number: number, what: string, until: string, by: string, reason: string, critical: boolean) =>
      `silence ${number} for ${what}, until ${until}, by ${by}: ${reason}${critical ? ' (critical ones, too)' : ''}`,
    andCritical: ' (critical, too)',
    columns: ['number', 'for', 'until', 'by', 'reason'],
    none: 'No silence is on.',
    told: (descriptions: string) => `SILENCED: ${descriptions}`,
    added: (description: string) =>
      `Done: ${description}. What is opened until then calls nobody; what still fires at its end is called then.`,
    ended: (description: string) => `Ended: ${description}. What it holds is called now.`,
    isOver: (number: number) => `Silence ${number} is over already.`,
    noSuch: (number: number) => `There is no silence ${number}. See: pigeonflow silence list`,
    which: 'Give the number of the silence that ends. See: pigeonflow silence list',
    nothingNamed:
      'Name a label, a service or an integration: a silence is never for everything. To stop all calls: pigeonflow pause',
    noReason: 'Give a reason: whoever wonders why nothing rings reads it.',
    tooLong: (given: string, longest: string) => `"${given}" is too long: a silence lasts at most ${longest}.`,
    tooMany: (most: number) => `There are ${most} silences already. End one first.`,
    summaryOfAnswer: 'until every gateway knows it',
    summaryOfTelling: 'tells what it holds that the silence is over',
  },

  canary: {
    summaryOfHeartbeat: 'tell the outside monitor',
    /** Of its incident, whose people are called: what a voice reads is the policy's. */
    summaryOfIncident: 'canary',
  },

  /** `pigeonflow schedule drill` and `people call`. */
  drill: {
    /** These are spoken. */
    say: 'This is a drill. We call everybody who is on duty once, and nothing is wrong. If you hear this, press 1.',
    thanks: 'Thank you. This was a drill.',
    sayTest: 'This is a test call. Nothing is wrong. If you hear this, press 1.',
    thanksTest: 'Thank you. Your number is right.',
    calls: (name: string, numbers: string) => `Calls ${name} (${numbers}).`,
    waits: (id: string) => `Waits until nobody is called for real: ${id}`,
    gaveWay: (name: string, id: string) =>
      `Hangs up ${name}, who is called again later: somebody is called for real, ${id}`,
    results: {
      pressed: 'reached, pressed the key',
      pickedUp: 'picked up, pressed no key',
      notReached: 'NOT REACHED',
      notCalled: 'NOT CALLED',
      noNumber: 'NOT CALLED: not in the file of people',
    },
    /** Of one who was called. */
    result: (name: string, result: string) => `${name}: ${result}.`,
    notYet: 'not yet',
    summary: (pressed: number, all: number) => `${pressed} of ${all} pressed the key.`,
    continues: 'The drill is not over. Run the same command again: it continues, and calls nobody twice.',
  },

  /** `pigeonflow incident` and `call`. */
  command: {
    noIncidents: 'No incidents.',
    unattended: '!! UNATTENDED: nobody was reached, and nobody is called',
    encrypted: 'what it is about, and what comes next, is encrypted',
    about: (summary: string, severity: string, policy: string) => `${summary} (${severity}, policy ${policy})`,
    listedOwner: (owner: string, opened: string) => `owner: ${owner}; opened ${opened}`,
    listedClosed: (at: string) => `closed ${at}`,
    listedNext: (next: string) => `next: ${next}`,
    partlyReadable: (unreadable: number, all: number, why: string) =>
      `${unreadable} of ${all} can be read in part alone. ${why}`,
    ago: (ms: number) => `${describeMs(ms)} ago`,
    inFuture: (ms: number) => `in ${describeMs(ms)}`,
    clock: (at: string, fromNow: string) => `${at} (${fromNow})`,
    stateSince: (state: string, since: string) => `${state} since ${since}`,
    owner: (owner: string) => `Owner: ${owner}`,
    next: (next: string) => `Next: ${next}`,
    nextIn: (next: string, fromNow: string) => `Next: ${next} (${fromNow})`,
    callsSoFar: (calls: number) => `Telephone calls so far: ${calls}`,
    takeIt: 'Take it:',
    takeItOver: 'Take it over:',
    endIt: 'End it:',
    orElse: 'Else:',
    whatHappened: (zone: string) => `What happened (${zone}):`,
    wasSo: (at: string, why: string) => `This was so ${at}. ${why}`,
    exhaustedAndOpen:
      'EXHAUSTED: the policy has ended, and nobody was reached. The incident stays open, unattended, and nobody is called.',
    exhausted: 'EXHAUSTED: the policy has ended, and nobody was reached.',
    ownedBy: (owner: string) => `Owned by ${owner}.`,
    endedAs: (state: string, owner: string) => `It is ${state}; owner: ${owner}.`,
    leavesIncident: (id: string) =>
      `The incident continues, and so do its calls. Follow it: pigeonflow incident watch ${id}   Take it: pigeonflow incident ack ${id}`,
    opened: (id: string) => `The incident ${id} is open.`,
    known: (id: string) => `The incident ${id} was open before, and nothing new is taken: it continues.`,
    changed: (id: string) => `The incident ${id} was open before: it continues with what has changed.`,
    notTaken:
      'What has changed was NOT taken: the incident has changed too often, and what is left is for people. It continues as it was; report the newest again in a minute.',
    policyUnread: (why: string) =>
      `${why} The incident is open, and waits for its policy: correct that, or resolve it.`,
    nobodyCalledYet: (why: string) => `NOBODY IS CALLED YET: ${why} The incident is open, and continues then.`,
    parameterMissing: (name: string) =>
      `The policy speaks of {{${name}}}, and nothing says what that is: give --parameter ${name}=…`,
    severityUnknown: (severity: string) => `The severity "${severity}" is not known, and counts as error.`,
    ofMany: (accepted: number, all: number) => `${accepted} of ${all} incidents.`,

    callStarted: (id: string) => `Call ${id} is started.`,
    callStartedBefore: (id: string) => `Call ${id} was started before: nothing is placed again, that call is followed.`,
    hungUpIfItLasts: (ms: number) => `If that lasts, the call is hung up in ${describeMs(ms)} (--give-up-after).`,
    leavesCall: (id: string) =>
      `The call continues. Follow it: pigeonflow call wait ${id}   Hang it up: pigeonflow call hang-up ${id}`,
    givesUp: (ms: number) => `Giving up after ${describeMs(ms)}: hanging up.`,
    nobodyCalled: 'Nobody was called. The call is cancelled: a worker that starts later places it no more.',
    hungUp: 'Hung up.',
    notHungUpYet: (id: string) => `Not hung up yet; it continues automatically. See: pigeonflow call status ${id}`,
    callOver: (outcome: string) => `The call is over: ${outcome}.`,
    callAnsweredBy: (outcome: string, by: string) => `The call is over: ${outcome} by ${by}.`,
    hangUpAsk: 'Hang up the call? y: hang up; n, or Ctrl-C again: leave it running [y/n] ',
    callOverBefore: (id: string) => `The call ${id} was over before; there is nothing to hang up.`,
    callHungUp: (id: string) => `The call ${id} is hung up.`,
    callEndedByItself: (id: string) => `The call ${id} ended by itself. Its result: pigeonflow call wait ${id}`,
    callUnserved: (id: string) =>
      `The call ${id} is hung up as soon as a worker runs; none does now. Start one: pigeonflow worker`,
    callPending: (id: string) => `The call ${id} is still being hung up. See: pigeonflow call status ${id}`,
    callStates: {
      invoking: 'invoking',
      waiting: 'waiting',
      blocked: 'blocked',
      looking: 'looking',
      calling: 'calling',
      hangingUp: 'hangingUp',
      ended: 'ended',
    } satisfies Record<CallState, string>,
    callState: (state: string, since: string, message: string) => `${state} since ${since}: ${message}`,
    callRun: (resultId: string, reference: string) => `Run in Pigeon: ${resultId} (reference ${reference})`,
    lastCall: (contact: string, status: string, keyInput: string) =>
      `Last call: ${contact}, ${status}, key ${keyInput}`,
    callDeadline: (at: string) => `Hung up at the latest: ${at}`,
  },

  /** `pigeonflow incident report`. */
  report: {
    whatHappened: (zone: string) => `What happened (${zone})`,
    time: 'time',
    what: 'what',
    cut: 'The oldest entries are missing: an incident keeps its newest 500.',
    incident: 'Incident',
    state: 'State',
    owner: 'Owner',
    severity: 'Severity',
    policy: 'Policy',
    opened: 'Opened',
    closed: 'Closed',
    notYet: 'not yet',
    timeToAcknowledge: 'Time to acknowledge',
    nobodyOwned: 'nobody owned it',
    telephoneCalls: 'Telephone calls',

    pictureTitle: (zone: string) => `Time line of the incident, ${zone}`,
    pictureStates: 'state',
    pictureSpan: (what: string, from: string, to: string) => `${what}: ${from} to ${to}`,
    pictureCall: (step: string, outcome: string, from: string, to: string) => `${step}: ${outcome}; ${from} to ${to}`,
    pictureCallOf: (step: string, outcome: string, contact: string, from: string, to: string) =>
      `${step}: ${outcome}, ${contact}; ${from} to ${to}`,
    pictureNow: 'now',
    pictureMoreRows: (rows: number) => `${rows} more rows are in the list`,
    /** Of calls; a call that has not ended is `open`. */
    outcomes: {
      answered: 'answered',
      unanswered: 'unanswered',
      rejected: 'rejected',
      aborted: 'aborted',
      timedOut: 'timedOut',
      unknown: 'unknown',
      refused: 'refused',
      hungUp: 'hungUp',
      nobody: 'nobody',
      open: 'open',
    } satisfies Record<Outcome | 'refused' | 'hungUp' | 'nobody' | 'open', string>,

    period: (from: string, to: string, zone: string) => `Incidents from ${from} to ${to} ${zone}`,
    incidents: 'Incidents',
    byState: 'By state',
    bySeverity: 'By severity',
    counted: (count: number, what: string) => `${count} ${what}`,
    none: 'none',
    timeToAcknowledgeOf: (incidents: number) => `Time to acknowledge, of ${incidents}`,
    times: (median: string, ninetyPercent: string, longest: string) =>
      `median ${median}, 9 of 10 within ${ninetyPercent}, longest ${longest}`,
    calls: (all: number, perIncident: string, most: number) =>
      `${all}; for each incident ${perIncident}, at most ${most}`,
    atNight: "At night, from 22 to 7 o'clock",
    callsAtNight: (calls: number, zone: string) => `${calls} (${zone})`,
    hour: (zone: string) => `hour (${zone})`,
    callsOfHour: 'telephone calls',
    load: 'By person',
    person: 'person',
    callsOfNight: 'of them at night',
    incidentsOwned: 'incidents owned',
    hoursOnDuty: 'hours on duty',
    /** Of calls. */
    personUnknown: '(not recorded)',
    unread: (ids: string) => `Not read, since no worker answered or they have no result: ${ids}`,
    retentionUnknown: 'For how long Temporal keeps closed incidents is not known; older ones are missing.',
    kept: (ms: number) => `Temporal keeps incidents for ${describeMs(ms)} after their end.`,
    keptTooShort: (ms: number) =>
      `Temporal keeps incidents for ${describeMs(ms)} after their end, which is less than this period: OLDER ONES ARE MISSING.`,
  },

  /** `pigeonflow policy show`. */
  policy: {
    startsWith: 'starts with',
    acknowledged: 'acknowledged',
    notResolved: (within: string, step: string) => `not resolved within ${within}: calls again, ${step}`,
    notCalledAgain: 'nobody is called again until it is resolved',
    rounds: 'rounds',
    roundsOf: (times: number, every: string) => `${times} in all, ${every} apart, if nobody takes it`,
    worse: 'worse news',
    worseCalls: (step: string) => `the owner is called again, then ${step}`,
    worseRecorded: 'are only written down',
    budget: 'budget',
    budgetOf: (calls: number, within: string) => `at most ${count(calls, 'telephone call')} in any ${within}`,
    calls: 'calls',
    together: ', all at the same time',
    attempts: 'attempts',
    untilTaken: (every: string, each: string) => `until somebody takes it, ${every} apart: ${each} each`,
    once: (calls: string) => `1: ${calls}`,
    apart: (attempts: number, every: string, calls: string) => `${attempts}, ${every} apart: ${calls}`,
    called: 'called',
    atOnce: 'at once',
    delay: 'delay',
    delayOf: (after: string, severities: string) => `${after} from the opening (${severities})`,
    andDelay: ', ',
    afterStart: (time: string) => `at the latest ${time} after the start, if nobody answers`,
    afterStartAtLeast: (time: string) => `${time} after the start, if nobody answers`,
    onlyBy: (ways: string) => `only by ${ways}`,
    way: (via: string, step: string) => `${via} of ${step}`,
    onlyIfNotResolved: 'only when an acknowledged incident is not resolved in time',
    key: (key: string) => `key ${key}`,
    keyWhenEnded: (key: string) => `key ${key}, when its workflow has ended`,
    keyWhenFailed: (key: string) => `key ${key}, when its workflow fails`,
    otherwise: 'otherwise',
    run: (workflow: string, queue: string, within: string, then: string, onFailure: string) =>
      `run ${workflow} (task queue ${queue}, within ${within}); then ${then}; if it fails, ${onFailure}`,
    outcomes: {
      acknowledge: 'acknowledge',
      resolve: 'resolve',
      next: 'next contact',
      leave: 'next contact, this one is left out',
      exhausted: 'exhausted: nobody was reached',
    },
    escalateTo: (step: string) => `escalate to ${step}`,
    escalateAfter: (step: string, after: string) => `escalate to ${step} after ${after}`,
    againAfter: (duration: string) => `call again after ${duration}`,
    ifNobody: 'If nobody presses a key',
    level: 'level',
    calledAtLatest: 'called at the latest',
    withMachines: 'with answering machines',
    callsBefore: 'telephone calls before',
    mayWait: (calls: string) => `${calls}, may wait for the budget`,
    thenEnds: (end: string) => `then ${end}`,
    endExhausted: (calls: string) => `exhausted, after ${calls}`,
    endOfRounds: (times: number, calls: string) =>
      `all of it again, ${times} times in all; then exhausted, after ${calls}`,
    endUnlimited: (calls: number, within: string) =>
      `the last level is repeated until somebody takes it; the budget bounds it: ${calls} in any ${within}`,
    endAgain: (step: string, calls: number, within: string) =>
      `${step} again, round and round; only the budget bounds it: ${calls} in any ${within}`,
    assumed: (ringing: number, looks: string) =>
      `Assumed: a telephone rings ${ringing} s; the end of a call is seen ${looks} s later; a line is free; the space takes our calls.`,
    fromTo: (least: number, most: number) => `${least} to ${most}`,
    assumedMachines: 'An answering machine listens to all six readings of the text, at 5 Japanese characters a second.',
    assumedStored: 'How many people a stored call flow has is known to Pigeon alone: "or more" counts one call for it.',
    telephoneCalls: (calls: number) => count(calls, 'telephone call'),
    atMost: (calls: string) => `at most ${calls}`,
    orMore: (bound: string) => `${bound} or more`,
    storedCallFlow: (id: string) => `stored call flow ${id}`,
    loops: (names: string, loops: number) => `${names} (${loops} loops)`,

    dutyAt: (at: string) => `on duty at ${at}`,
    duty: (schedule: string, who: string, layer: string | null, until: string | null) =>
      `${schedule}: ${who}${layer === null ? '' : ` (${layer})`}${until === null ? '' : ` until ${until}`}`,
    dutyThen: (duty: string, next: string) => `${duty}; then ${next}`,
    dutyNobody: 'NOBODY',
    dutyUnreadable: (schedule: string) => `${schedule}: it cannot be read`,

    chartUntilTaken: (every: string) => `until taken, every ${every}`,
    chartTimes: (attempts: number, every: string) => `${attempts} times, every ${every}`,
    chartNotResolved: (within: string) => `not resolved in ${within}`,
    chartNobody: 'nobody',
    chartAfter: (way: string, after: string) => `${way}, after ${after}`,
    chartRounds: (times: number, every: string) => `${times} rounds in all, ${every} apart`,
    chartRunEnds: (key: string, workflow: string) => `key ${key}: ${workflow} ends`,
    chartRunFails: (workflow: string) => `${workflow} fails`,
    chartAgain: (way: string, duration: string) => `${way}, again after ${duration}`,
  },

  /** `pigeonflow policy simulate`. */
  simulation: {
    time: 'time',
    step: 'step',
    who: 'who',
    what: 'what',
    call: (attempt: number, end: string) => `☎ attempt ${attempt}: ${end}.`,
    callAfter: (attempt: number, end: string, ms: number) => `☎ attempt ${attempt}: ${end} after ${describeMs(ms)}.`,
    accepted: (update: string, message: string) => `${update}: accepted. ${message}`,
    notAccepted: (update: string, message: string) => `${update}: not accepted. ${message}`,
    restarted: 'The worker is restarted: nothing is lost.',
    ownedBy: (owner: string) => `, owned by ${owner}`,
    ends: (state: string, owner: string, ms: number, calls: number) =>
      `Ends as ${state}${owner} after ${describeMs(ms)} and ${count(calls, 'telephone call')}.`,
    notOver: (state: string, owner: string, ms: number, calls: number) =>
      `Not over at the horizon of ${describeMs(ms)}: ${state}${owner}, after ${count(calls, 'telephone call')}.`,
    stopped: (state: string, owner: string, ms: number, calls: number) =>
      `Stopped after ${describeMs(ms)}, since too much happens: ${state}${owner}, after ${count(calls, 'telephone call')}.`,
    underWay: 'under way',
    hungUp: 'hung up',
    pressed: (key: string) => `pressed ${key}`,
    pressedUnassigned: (key: string) => `pressed ${key}, which is not assigned`,
    noKey: {
      silence: 'did not pick up',
      busy: 'was busy',
      machine: 'an answering machine, no key',
    },
    callFlow: (id: string) => `call flow ${id}`,
    runFailed: 'as the script says',
  },
};

export type Words = typeof en;

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

function ofAttempts(attempt: number, attempts: number | null): string {
  return `${attempt}${attempts === null ? '' : ` of ${attempts}`}`;
}

function callsEnded(calls: number): string {
  return `${calls} telephone call${calls === 1 ? ' has' : 's have'} ended`;
}

function inPass(loop: number | null): string {
  return loop !== null && loop > 1 ? `, pass ${loop}` : '';
}

function weekdayOf(day: number): string {
  return ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][day] ?? String(day);
}
