import { randomUUID } from 'node:crypto';
import type { IncidentInput } from '../../src/client.js';
import type { Policy, Step } from '../../src/contract/policy-schema.js';
import { policyOf, step } from '../decision/policy-of.js';
import { callTo } from '../rig/rig.js';

/** A step that calls one person, who must press 1 to take it; looked at every second. */
export function stepTo(phoneNumber: string, more: Partial<Step> = {}): Step {
  const { callflow, guidance } = callTo(phoneNumber);
  const call = { ...(callflow && { callflow }), ...(guidance && { guidance }), waitTime: 1 };
  const keys = { 1: { kind: 'acknowledge' }, 2: { kind: 'next' }, 3: { kind: 'leave' } } as const;
  return step({ call: [call], keys, ...more });
}

/** A policy with one person, 田中, whose handle is `tanaka`. */
export const policyTo = (phoneNumber: string, more: Partial<Step> = {}): Policy =>
  policyOf({ primary: stepTo(phoneNumber, more) }, { contacts: { tanaka: { name: '田中' } } });

/** An incident of its own, unless `more` says otherwise. */
export const incidentTo = (phoneNumber: string, more: Partial<IncidentInput> = {}): IncidentInput => ({
  policy: policyTo(phoneNumber),
  summary: 'テスト用サーバーに障害',
  parameters: { server: 'テスト用サーバー', incident: '軽度の障害' },
  dedupKey: randomUUID(),
  ...more,
});
