import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import {
  answerOrClosed,
  calling,
  ENDLESSLY,
  escalateTo,
  open,
  type OpenIncident,
  policyWith,
  presses,
  refused,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  YAMADA,
} from './incident-world.js';

const rig = useRig();
const PEOPLE = { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: neverPicksUp(), [YAMADA.phone]: presses('5') };
// Lines and the queue hold whatever all tests of this file ring at once.
const SPACE = { ...ENDLESSLY, lines: 200, switches: { ...ENDLESSLY.switches, queueSize: 200 } };
const world = useSharedWorld(rig, {
  ...SPACE,
  people: { ...PEOPLE, [YAMADA.phone]: Array.from({ length: 20 }, () => presses('5')) },
});
/** Its space does not know our token. */
const refusingWorld = useSharedWorld(rig, { ...SPACE, tokens: ['another'] });

const MANAGER = { manager: calling([SATO], { attempts: 'unlimited' }) };
const RINGING = policyWith({ primary: calling([TANAKA], { attempts: 'unlimited' }), ...MANAGER });
const WAITING = policyWith({ primary: refused({ attempts: 'unlimited', every: '1h' }), ...MANAGER });
const IN_CHILD = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), ...MANAGER });
const run = {
  kind: 'run',
  workflow: 'repair',
  taskQueue: 'served-by-nobody',
  input: null,
  within: '1h',
  then: { kind: 'resolve' },
  onFailure: { kind: 'exhausted' },
} as const;
const RUNNING = policyWith({ primary: calling([YAMADA], { keys: { 5: run } }), ...MANAGER });

const isRinging = (incident: OpenIncident, step = 'primary') =>
  incident.until((now) => now.step === step && now.ringing.some((words) => words.includes('is being called')), 'rings');

/** The first call was refused: nothing is live. */
const whenWaiting = (incident: OpenIncident) => incident.told('waiting');

/** Each state, and how an incident comes to it. */
const STATES = {
  ringing: [RINGING, (incident) => isRinging(incident)],
  waiting: [WAITING, whenWaiting],
  'ringing in a child': [IN_CHILD, (incident) => isRinging(incident, 'manager')],
  blocked: [RINGING, (incident) => incident.told('callBlocked')],
  snoozed: [WAITING, (incident) => whenWaiting(incident).then(() => incident.ask('snooze', { for: '2h' }))],
  acknowledged: [
    WAITING,
    (incident) => whenWaiting(incident).then(() => incident.ask('acknowledge', { by: 'suzuki' })),
  ],
  running: [RUNNING, (incident) => incident.told('runStarted')],
  // The workflow that nobody serves keeps it from closing.
  resolved: [
    RUNNING,
    async (incident) => {
      await incident.told('runStarted');
      await incident.ask('resolve', { by: 'suzuki' });
    },
  ],
} satisfies Record<string, readonly [Policy, (incident: OpenIncident) => Promise<unknown>]>;
type State = keyof typeof STATES;

const ASKED = {
  acknowledge: { by: 'kato' },
  resolve: { by: 'kato', note: 'done' },
  escalate: { by: 'kato', to: 'manager' },
  snooze: { by: 'kato', for: '1h' },
  hangUp: { by: 'kato' },
  alert: { alert: { summary: 'disk 99 % full', severity: 'critical' } },
} as const;
type Asked = keyof typeof ASKED;

const taken = ['acknowledge', true, 'acknowledged', 'kato', /^kato owns the incident\. Resolve it within 4h/] as const;
const resolved = [
  'resolve',
  true,
  'resolved',
  'kato',
  /^The incident is resolved\. Nobody is called any more\.$/,
] as const;
const escalated = [
  'escalate',
  true,
  'triggered',
  null,
  /^"manager" is called (now|as soon as what rings is hung up)\.$/,
] as const;
const snoozed = [
  'snooze',
  true,
  'snoozed',
  null,
  /^Nobody is called for 1h; then "primary" is called again\.$/,
] as const;
const hungUp = [
  'hangUp',
  true,
  'triggered',
  null,
  /^Every live call is being hung up\. Nobody owns the incident: the level continues/,
] as const;
const silent = ['hangUp', false, 'triggered', null, /^No call is live, so there is nothing to hang up\.$/] as const;
const changed = ['alert', true, 'triggered', null, /^The incident continues with the changed alert\.$/] as const;
const SUZUKIS = /^suzuki has owned the incident for .*\. Acknowledge with takeOver to own it instead\.$/;
const YAMADAS = /^山田 has owned the incident for .*\. Acknowledge with takeOver to own it instead\.$/;
const OVER = /^The incident has been resolved for /;

/** What each update is answered: whether it is done, the state and the owner from then on, and the words. */
const ANSWERS: Readonly<Record<State, readonly (readonly [Asked, boolean, string, string | null, RegExp])[]>> = {
  ringing: [taken, resolved, escalated, snoozed, hungUp, changed],
  waiting: [taken, resolved, escalated, snoozed, silent, changed],
  'ringing in a child': [
    taken,
    resolved,
    ['escalate', true, 'triggered', null, /^"manager" is being called already\.$/],
    ['snooze', true, 'snoozed', null, /^Nobody is called for 1h; then "manager" is called again\.$/],
    hungUp,
    changed,
  ],
  blocked: [
    taken,
    resolved,
    escalated,
    snoozed,
    // Nothing of it rings, and it is tried no longer.
    hungUp,
    ['alert', true, 'blocked', null, /^The incident continues with the changed alert\.$/],
  ],
  snoozed: [
    taken,
    resolved,
    escalated,
    snoozed,
    ['hangUp', false, 'snoozed', null, silent[4]],
    ['alert', true, 'snoozed', null, changed[4]],
  ],
  acknowledged: [
    ['acknowledge', false, 'acknowledged', 'suzuki', SUZUKIS],
    ['resolve', true, 'resolved', 'suzuki', resolved[4]],
    escalated,
    snoozed,
    ['hangUp', false, 'acknowledged', 'suzuki', silent[4]],
    ['alert', true, 'acknowledged', 'suzuki', changed[4]],
  ],
  running: [
    ['acknowledge', false, 'acknowledged', '山田', YAMADAS],
    ['resolve', true, 'resolved', '山田', resolved[4]],
    escalated,
    snoozed,
    ['hangUp', false, 'acknowledged', '山田', silent[4]],
    ['alert', true, 'acknowledged', '山田', changed[4]],
  ],
  resolved: [
    ['acknowledge', false, 'resolved', '山田', OVER],
    ['resolve', true, 'resolved', '山田', OVER],
    ['escalate', false, 'resolved', '山田', OVER],
    ['snooze', false, 'resolved', '山田', OVER],
    ['hangUp', false, 'resolved', '山田', OVER],
    ['alert', false, 'resolved', '山田', OVER],
  ],
};

describe.for(Object.keys(STATES) as State[])('an incident that is %s answers', SIDE_BY_SIDE, (name) => {
  test.for(ANSWERS[name])('%s: accepted %s, then %s, owned by %s', async ([asked, accepted, state, by, message]) => {
    const [policy, reach] = STATES[name];
    const incident = await open(name === 'blocked' ? refusingWorld() : world(), policy);
    await reach(incident);
    const answer = await incident.ask(asked, ASKED[asked]);
    expect({ ...answer, by: answer.owner?.by ?? null }).toMatchObject({ accepted, state, by });
    expect(answer.message).toMatch(message);
    // What was answered is true from then on.
    const { owner, since } = await incident.status();
    expect({ owner, since }).toEqual({ owner: answer.owner, since: answer.since });
    await answerOrClosed(incident.ask('resolve'));
  });
});
