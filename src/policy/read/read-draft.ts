import type { Draft, DraftContact } from '../draft.js';
import {
  AcknowledgedSchema,
  BudgetSchema,
  MOST,
  POLICY_NAME_PATTERN,
  PolicyFileSchema,
  STEP_NAME_PATTERN,
} from '../policy-file-schema.js';
import type { Reading } from '../../yaml-file/problem.js';
import { describeLocated, type Located } from '../../yaml-file/located.js';
import { Fields, readNamed } from '../../yaml-file/fields.js';
import { readCallsAgain } from './read-outcome.js';
import { readContacts } from './read-contacts.js';
import { readIncidentParameters } from './read-parameters.js';
import { readStep } from './read-step.js';
import { readDuration, readWhole, readWord } from '../../yaml-file/values.js';

const NAME = {
  what: 'the name of the policy',
  pattern: POLICY_NAME_PATTERN,
  allowed: 'it has 1 to 60 small letters, digits and hyphens, such as "web-production"',
};
const STEP = {
  what: 'the name of a step',
  pattern: STEP_NAME_PATTERN,
  allowed: 'it has 1 to 40 small letters, digits and hyphens, such as "first-level"',
};

/** All parts of a file that could be read; a part that could not is missing, and its errors are in `reading`. */
export type PartialDraft = { readonly [K in keyof Draft]: Draft[K] | undefined };

export function readDraft(located: Located, reading: Reading): PartialDraft | undefined {
  const hints = {
    keys: 'it belongs to a step: steps: { primary: { call: …, keys: … } }',
    call: 'it belongs to a step: steps: { primary: { call: …, keys: … } }',
    say: 'it belongs into the `call` of a step',
    attempts: 'it belongs to a step',
    every: 'it belongs to a step',
    otherwise: 'it belongs to a step, or into `acknowledged`',
    resolveWithin: 'it belongs into `acknowledged`',
  };
  const fields = Fields.read(located, { what: 'a policy', schema: PolicyFileSchema, hints }, reading);
  if (fields === undefined) return undefined;
  readVersion(fields.get('version'), reading);
  const name = fields.require('name', 'incidents ask for the policy by it, such as name: web-production');
  const steps = fields.require('steps', 'the levels by name, such as steps: { primary: { call: …, keys: … } }');
  const start = fields.require('start', 'the name of the step that is called first');
  const budget = fields.require(
    'budget',
    'the most calls in any span of time, such as { calls: 50, within: 1d }; it bounds every loop, and what a mistake can cost',
  );
  const contacts = fields.get('contacts');
  const parameters = fields.get('parameters');
  const acknowledged = fields.get('acknowledged');
  const worse = fields.get('worse');
  const startName = start && readWord(start, { ...STEP, what: '`start`' }, reading);
  if (startName !== undefined) reading.mentionsStep(startName);
  return {
    name: name && readWord(name, NAME, reading),
    start: startName,
    parameters: parameters === undefined ? [] : readIncidentParameters(parameters, reading),
    contacts: contacts === undefined ? new Map<string, DraftContact>() : readContacts(contacts, reading),
    steps: steps && readNamed(steps, { what: '`steps`', each: STEP }, reading, readStep),
    acknowledged: readAcknowledged(acknowledged, reading),
    worse: worse && readWorse(worse, reading),
    budget: budget && readBudget(budget, reading),
  };
}

function readVersion(located: Located | undefined, reading: Reading): void {
  if (located === undefined || (located.kind === 'scalar' && located.value === 1)) return;
  reading.error(
    'version',
    located.place,
    `this pigeonflow reads version 1 of policy files, and here stands ${describeLocated(located)}; write version: 1, or remove the line`,
  );
}

function readAcknowledged(located: Located | undefined, reading: Reading): Draft['acknowledged'] {
  const fields = located && Fields.read(located, { what: '`acknowledged`', schema: AcknowledgedSchema }, reading);
  const within = fields?.get('resolveWithin');
  const otherwise = fields?.get('otherwise');
  const why = 'it is the time after which a forgotten incident calls again';
  const shortest = { duration: '1m', why: 'the calls start again before anybody can resolve it' };
  return {
    resolveWithin:
      (within && readDuration(within, { what: '`resolveWithin`', longest: '30d', why, shortest }, reading))?.value ??
      '4h',
    otherwise: otherwise && readCallsAgain(otherwise, reading),
  };
}

function readWorse(located: Located, reading: Reading): Draft['worse'] {
  if (located.kind === 'scalar' && (located.value === 'call' || located.value === 'note')) return located.value;
  reading.error(
    'worse',
    located.place,
    `here stands ${describeLocated(located)}; write worse: call (who owns it is called again) or worse: note`,
  );
  return undefined;
}

function readBudget(located: Located, reading: Reading): Draft['budget'] | undefined {
  const fields = Fields.read(located, { what: '`budget`', schema: BudgetSchema }, reading);
  const calls = fields?.require('calls', 'the most calls, such as calls: 50');
  const within = fields?.require('within', 'the span of time, such as within: 1d');
  const most = calls && readWhole(calls, { what: '`calls` of the budget', most: MOST.budgetCalls }, reading);
  const why = 'a budget over a longer time bounds no night; take a shorter one';
  const shortest = {
    duration: '5m',
    why: 'the calls before have left it when the next is placed, so it bounds nothing',
  };
  const shape = { what: '`within` of the budget', longest: '30d', why, shortest };
  const span = within && readDuration(within, shape, reading);
  return most && span && { calls: most, within: span };
}
