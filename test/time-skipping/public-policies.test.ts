import { expect, test } from 'vitest';
import { simulate } from '../../src/simulate/simulate.js';
import { policyOf } from '../policy/policies.js';
import { scriptOf } from '../policy/script-of.js';
import { useRig } from '../rig/rig.js';
import { perform } from './perform.js';
import { looksOften } from './same-story.js';

/**
 * Policies as people have them in other tools, in the words of this one; and who rings when if nobody answers, typed by hand
 * before they were played. A telephone rings for 30 s; a pause counts from the end of the calls.
 */
interface PublicPolicy {
  readonly name: string;
  /** Where it is from. */
  readonly source: string;
  readonly text: string;
  /** `minutes:seconds who`, of the severity. */
  readonly rings: Readonly<Record<string, readonly string[]>>;
  readonly ends: string;
}

const CONTACTS = `
contacts:
  sato: { name: 佐藤, phone: "0300000001" }
  suzuki: { name: 鈴木, phone: "0300000002" }
  boss: { name: 部長, phone: "0300000003" }`;
const SAY = '障害です。対応は1を押してください。';
const BUDGET = 'budget: { calls: 50, within: 1d }';

const POLICIES: readonly PublicPolicy[] = [
  {
    name: 'three rules, 10, 15 and 30 minutes apart, repeated twice',
    source: 'PagerDuty, a Terraform module: escalation_delay_in_minutes and num_loops = 2',
    text: `name: three-rules${CONTACTS}
steps:
  engineer:
    call: { contacts: [sato], say: "${SAY}" }
    keys: { 1: acknowledge }
    otherwise: { escalate: lead, after: 10m }
  lead:
    call: { contacts: [suzuki], say: "${SAY}" }
    keys: { 1: acknowledge }
    otherwise: { escalate: cto, after: 15m }
  cto:
    call: { contacts: [boss], say: "${SAY}" }
    keys: { 1: acknowledge }
start: engineer
rounds: { times: 3, every: 30m }
${BUDGET}`,
    rings: {
      error: [
        '0:00 佐藤',
        '10:30 鈴木',
        '26:00 部長',
        '56:30 佐藤',
        '67:00 鈴木',
        '82:30 部長',
        '113:00 佐藤',
        '123:30 鈴木',
        '139:00 部長',
      ],
    },
    ends: 'exhausted',
  },
  {
    name: 'a delay before the first rule, for what closes by itself',
    source: 'Opsgenie, an escalation: if-not-acked after 5 minutes, then 15 minutes later',
    text: `name: delay-first${CONTACTS}
steps:
  on-call:
    after: 5m
    call: { contacts: [sato], say: "${SAY}" }
    keys: { 1: acknowledge }
    otherwise: { escalate: boss, after: 15m }
  boss:
    call: { contacts: [boss], say: "${SAY}" }
    keys: { 1: acknowledge }
start: on-call
${BUDGET}`,
    rings: { error: ['5:00 佐藤', '20:30 部長'], critical: ['0:00 佐藤', '15:30 部長'] },
    ends: 'exhausted',
  },
  {
    name: 'two at once, again after five minutes, then the second, and all of it twice',
    source: 'PagerDuty, a Terraform module of a state office: primary and manager, secondary, num_loops = 1',
    text: `name: twice${CONTACTS}
steps:
  first:
    call:
      - { contacts: [sato], say: "${SAY}" }
      - { contacts: [boss], say: "${SAY}" }
    attempts: 2
    every: 5m
    keys: { 1: acknowledge }
    otherwise: { escalate: second, after: 5m }
  second:
    call: { contacts: [suzuki], say: "${SAY}" }
    keys: { 1: acknowledge }
start: first
rounds: { times: 2, every: 10m }
${BUDGET}`,
    rings: {
      error: [
        '0:00 佐藤',
        '0:00 部長',
        '5:30 佐藤',
        '5:30 部長',
        '11:00 鈴木',
        '21:30 佐藤',
        '21:30 部長',
        '27:00 佐藤',
        '27:00 部長',
        '32:30 鈴木',
      ],
    },
    ends: 'exhausted',
  },
  {
    name: 'wait steps, for ever: until somebody takes it',
    source:
      'Grafana OnCall, an escalation chain: notify, wait 5 minutes, notify, wait 15 minutes, repeat from the beginning',
    text: `name: waits${CONTACTS}
steps:
  first:
    call: { contacts: [sato], say: "${SAY}" }
    keys: { 1: acknowledge }
    otherwise: { escalate: second, after: 5m }
  second:
    call: { contacts: [suzuki], say: "${SAY}" }
    keys: { 1: acknowledge }
    otherwise: { escalate: first, after: 15m }
start: first
acknowledged: { resolveWithin: never }
${BUDGET}`,
    rings: {
      warning: ['0:00 佐藤', '5:30 鈴木', '21:00 佐藤', '26:30 鈴木', '42:00 佐藤', '47:30 鈴木'],
    },
    ends: 'triggered',
  },
];

const rig = useRig('timeSkipping');
/** Each look at a result, at most so much later, delays all that follows. */
const LOOK_MS = 8_000;

const cases = POLICIES.flatMap(({ rings, ...policy }) =>
  Object.entries(rings).map(([severity, table]) => ({ ...policy, severity, table })),
);

test.for(cases)('$name ($severity): $source', async ({ text, severity, table, ends }) => {
  const policy = looksOften(policyOf(text));
  const times = table.map((line) => {
    const [minutes = 0, seconds = 0] = (line.split(' ')[0] ?? '').split(':').map(Number);
    return (minutes * 60 + seconds) * 1_000;
  });
  const who = table.map((line) => line.split(' ')[1]);
  const horizon = `${Math.ceil((times.at(-1) ?? 0) / 60_000) + 5}m`;
  const script = scriptOf(policy, { incident: { summary: '障害', severity }, horizon });
  const simulated = simulate(policy, script);
  const named = (calls: typeof simulated.calls) => calls.map((call) => call.who);
  expect(simulated.calls.map(({ at }) => at)).toEqual(times);
  expect(named(simulated.calls)).toEqual(who);
  expect(simulated.end.state).toBe(ends);

  const real = await perform(rig, policy, script, simulated);

  const calls = real.calls.toSorted((one, other) => one.at - other.at || one.who.localeCompare(other.who, 'ja'));
  expect(calls.length).toBe(table.length);
  for (const [index, time] of times.entries()) {
    const together = calls.filter(({ at }) => at >= time - 1_000 && at <= time + LOOK_MS * (index + 1));
    expect(together.map((call) => call.who)).toContain(who[index]);
  }
  expect(real.end.state).toBe(ends);
});
