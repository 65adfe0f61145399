import type { Policy, Step, StepCall } from '../../src/contract/policy-schema.js';
import { simulate } from '../../src/simulate/simulate.js';
import type { Simulation } from '../../src/simulate/simulation.js';
import { scriptOf } from '../policy/script-of.js';
import { policyOf, step } from './policy-of.js';

/** A run of our own contacts, with a text of our own. */
export function callOf(
  names: readonly string[],
  say = '{{server}}に{{incident}}を検出しました。',
  loops = 1,
): StepCall {
  return {
    callflow: {
      loopLimit: loops,
      contacts: names.map((displayName) => ({
        displayName,
        phones: [{ phoneNumber: NUMBERS[displayName] ?? '0399' }],
      })),
    },
    guidance: {
      messageTemplate: say,
      reactions: {
        '1': { behavior: 'terminate', messageTemplate: '対応をお願いします。' },
        '2': { behavior: 'terminate' },
        '3': { behavior: 'continue' },
        '4': { behavior: 'leave' },
        '5': { behavior: 'terminate' },
      },
    },
  };
}
const NUMBERS: Readonly<Record<string, string>> = { 田中: '0300000001', 山田: '0300000002', 部長: '0300000003' };

/** `primary` calls 田中 and `manager` calls 部長, unless the test says otherwise. */
export function japanese(primary: Partial<Step> = {}, part: Partial<Policy> = {}): Policy {
  return policyOf(
    {
      primary: step({
        call: [callOf(['田中'])],
        keys: { '1': { kind: 'acknowledge' }, '2': { kind: 'escalate', step: 'manager' } },
        otherwise: { kind: 'escalate', step: 'manager' },
        ...primary,
      }),
      manager: step({ call: [callOf(['部長'])] }),
    },
    part,
  );
}

export function play(policy: Policy, script: object): Simulation {
  return simulate(policy, scriptOf(policy, script));
}

/** `0:00 田中 pressed 1`: who was called when, and what became of it. */
export function called({ calls }: Simulation): readonly string[] {
  return calls.map(({ at, who, end }) => {
    const seconds = String(Math.floor(at / 1000) % 60).padStart(2, '0');
    return `${Math.floor(at / 60_000)}:${seconds} ${who} ${end}`;
  });
}
