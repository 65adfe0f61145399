/**
 * The script of a simulation, declared once: its JSON Schema, published as `schemas/policy-script.json` (`npm run
 * generate`) for editors, its types, and what messages say of it. How it is written is in
 * `docs/reference/policy-file.md`, under *Scripts*.
 */
import { Type, type Static, type TSchema } from 'typebox';
import { DURATION_PATTERN, durationMs } from '../contract/duration.js';
import { UNTIL } from '../contract/incident-states.js';
import { SEVERITIES } from '../contract/severity.js';
import { UPDATES } from '../incident/events.js';
import { describeLocated, shortened } from '../yaml-file/located.js';
import type { Problems } from '../yaml-file/problem.js';
import { byName, says, shape, type Part, type Refusal, type Says } from '../yaml-file/schema.js';
import { type Behaviour, behaviourOf, type RunBehaviour, runBehaviourOf } from './behaviour.js';

type Refuse = NonNullable<Says['refuse']>;

const one = (code: string, message: string): readonly Refusal[] => [{ code, message }];

const text = (description: string, words: Says = {}) =>
  Type.String({ minLength: 1, maxLength: 10_000, description, ...says(words) });

const oneOf = <W extends string>(words: readonly W[], description: string, why = '') =>
  Type.Union(
    words.map((word) => Type.Literal(word)),
    { description, ...says({ why, instead: `write one of ${words.join(', ')}` }) },
  );

/** A time after the opening; the opening itself is `0s`. */
const moment = (description: string) =>
  Type.String({
    pattern: `^0s$|${DURATION_PATTERN}`,
    description,
    ...says({
      why: 'a time after the opening, such as 10m',
      duration: { longest: '3650d', why: 'nobody waits so long' },
      refuse: (written) => (written.kind === 'scalar' && written.written === '0s' ? 'fine' : []),
    }),
  });

export const momentMs = (moment: string): number => (moment === '0s' ? 0 : durationMs(moment));

const list = <T extends TSchema>(each: T, description: string, example: string) =>
  Type.Array(each, {
    description,
    ...says({
      refuse: (written, path) => {
        if (written.kind === 'list') return written.items.length === 0 ? 'fine' : [];
        const found = describeLocated(written);
        return one('no-list', `\`${String(path.at(-1))}\` is a list, such as ${example}; here stands ${found}`);
      },
    }),
  });

/** By name, one thing or a list of them, one for each time. */
const inTurn = <T extends TSchema>(each: T, description: string, what: string) =>
  byName(
    Type.Union(
      [each, Type.Array(each, { minItems: 1 })],
      says({ what: (path) => `"${shortened(String(path.at(-1)))}"` }),
    ),
    undefined,
    { description },
    { names: { what, allowed: '', free: true } },
  );

const refuseUnless =
  (read: (word: unknown) => Behaviour | RunBehaviour | undefined, forms: string): Refuse =>
  (written) => {
    if (written.kind === 'scalar' && read(written.value) !== undefined) return 'fine';
    return one('no-behaviour', `${forms}; here stands ${describeLocated(written)}`);
  };

const refuseParameter: Refuse = (written, path) =>
  written.kind === 'scalar' && written.value !== null
    ? 'fine'
    : one(
        'no-value',
        `the parameter "${shortened(String(path.at(-1)))}" must be text, a number, true or false; here stands ${describeLocated(written)}`,
      );

const Alert = {
  summary: text('What is wrong.', { why: 'what is wrong' }),
  severity: Type.Optional(oneOf(SEVERITIES, 'How bad it is (error).')),
};

const Incident = shape(
  {
    summary: Type.Optional(Alert.summary),
    severity: Alert.severity,
    until: Type.Optional(oneOf(UNTIL, 'What it is open for (resolved).')),
    parameters: Type.Optional(
      byName(
        Type.Union([Type.String(), Type.Number(), Type.Boolean()], says({ refuse: refuseParameter })),
        undefined,
        { description: 'Values for {{name}} in the texts.' },
        { names: { what: 'a parameter', allowed: '', free: true } },
      ),
    ),
  },
  'With what it is opened.',
);

const AFTER = `(?: after ${DURATION_PATTERN.slice(1, -1)})?$`;

const Call = Type.Union(
  [
    Type.String({
      pattern: `^(?:[1-9]|silence|busy|machine|refused|unknown|rejected|aborted|timedOut)${AFTER}`,
      description: 'A key, how the call ends without one, or how the whole run ends; each may have a time.',
    }),
    Type.Integer({ minimum: 1, maximum: 9, description: 'A key.' }),
  ],
  says({
    refuse: refuseUnless(
      behaviourOf,
      'the end of a call must be a key such as `1` or `1 after 8s`; silence, busy or machine; or refused, unknown, rejected, aborted or timedOut for the whole run; each may have a time as `silence after 20s`',
    ),
  }),
);

const Run = Type.String({
  pattern: `^(?:hangs$|(?:ends|fails)${AFTER})`,
  description: 'How it ends.',
  ...says({
    refuse: refuseUnless(
      runBehaviourOf,
      'the end of a workflow must be `ends`, `fails` or `hangs`, the first two with a time as `ends after 30s`',
    ),
  }),
});

/** Beside `at` and `do`. */
const FIELDS_OF_ACT: Readonly<Record<(typeof UPDATES)[number], readonly string[]>> = {
  acknowledge: ['by', 'note', 'takeOver'],
  resolve: ['by', 'note'],
  escalate: ['by', 'to', 'from'],
  snooze: ['by', 'for'],
  hangUp: ['by'],
  alert: ['summary', 'severity'],
};

const Act = shape(
  {
    at: moment('When.'),
    do: oneOf(UPDATES, 'What is asked for.', `one of ${UPDATES.join(', ')}`),
    by: Type.Optional(text('Who asks for it.')),
    note: Type.Optional(text('Of acknowledge and resolve.')),
    takeOver: Type.Optional(Type.Boolean({ description: 'Of acknowledge: also from the person who owns it (false).' })),
    to: Type.Optional(text("Of escalate: the step that is called (the one that the policy's step says).")),
    from: Type.Optional(text('Of escalate: only while this step is called.')),
    for: Type.Optional(text('Of snooze: how long (30m).')),
    summary: Type.Optional(text('Of alert: what is wrong by now.')),
    severity: Alert.severity,
  },
  'What others ask for, or the alert as it has become.',
  { what: 'an act of `operator`', check: checkAct },
);

function checkAct(act: { do: (typeof UPDATES)[number]; summary?: string }, part: Part, problems: Problems): void {
  const { do: kind, summary } = act;
  const known = ['at', 'do', ...FIELDS_OF_ACT[kind]];
  const written = part.written.kind === 'map' ? part.written.entries : [];
  for (const { key, keyPlace } of written) {
    // What was misspelt is reported already, and is in the act as it was meant.
    if (known.includes(key) || !Object.hasOwn(act, key)) continue;
    const message = `\`${kind}\` has no "${key}"; it has ${known.join(', ')}`;
    problems.error('unknown-key', keyPlace, message);
  }
  if (kind === 'alert' && summary === undefined)
    problems.error('missing', part.at([]), '`alert` needs `summary`: what is wrong by now');
}

const Outage = shape(
  {
    from: moment('When it begins.'),
    to: moment('When it is over.'),
    reason: Type.Optional(text('Why (the space is out of reach).')),
  },
  'The space refuses us, or is out of reach.',
  { what: 'an outage', check: checkOutage },
);

function checkOutage({ from, to }: { from: string; to: string }, part: Part, problems: Problems): void {
  if (momentMs(to) <= momentMs(from)) problems.error('no-time', part.at(['to']), '`to` must be later than `from`');
}

export const ScriptFileSchema = Type.Object(
  {
    incident: Type.Optional(Incident),
    calls: Type.Optional(
      inTurn(
        Call,
        "What each call comes to: by the contact's name, a telephone number, or the id of a stored call flow.",
        'somebody who is called',
      ),
    ),
    operator: Type.Optional(list(Act, 'What others ask for meanwhile.', '[{ at: 10m, do: acknowledge, by: sato }]')),
    outages: Type.Optional(list(Outage, 'Of the space: calls are blocked.', '[{ from: 5m, to: 25m }]')),
    restarts: Type.Optional(list(moment('When.'), 'Of the worker: they are shown, and change nothing.', '[7m]')),
    runs: Type.Optional(inTurn(Run, 'What the workflows that keys start come to, by their type.', 'a workflow')),
    horizon: Type.Optional(moment('Where the simulation stops (7d).')),
  },
  {
    $id: 'policy-script',
    title: 'Script for `pigeonflow policy simulate`',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
    ...says({ what: 'a script' }),
  },
);

export type ScriptFile = Static<typeof ScriptFileSchema>;
export type ActOfFile = Static<typeof Act>;
