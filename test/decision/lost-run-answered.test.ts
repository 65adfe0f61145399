import { expect, test } from 'vitest';
import { Incident } from './incident.js';
import { policyOf, step } from './policy-of.js';

const POLICY = policyOf({
  primary: step({
    keys: { 1: { kind: 'acknowledge' }, 2: { kind: 'resolve' } },
    otherwise: { kind: 'escalate', step: 'second' },
  }),
  second: step(),
});
const turnsUp = (incident: Incident, keyInput = '1') =>
  incident.happens({ kind: 'lostRunAnswered', level: 1, step: 'primary', keyInput, contact: '田中' });

test('who pressed to take it, in a run that turned up late, owns it where nobody else does', () => {
  const incident = new Incident(POLICY);
  incident.callEnds({ outcome: 'unknown', calls: 0 });
  turnsUp(incident);
  expect(incident.told('acknowledged')).toMatchObject([{ owner: { by: '田中', via: 'key', step: 'primary' } }]);
  expect(incident.did('hangUpCalls')).toHaveLength(1);
});

test.for([
  [
    'somebody owns it',
    (incident: Incident) => void incident.asks({ kind: 'acknowledge', by: 'sato' }),
    '1',
    'alsoAcknowledged',
  ],
  ['the key does something else', () => undefined, '2', 'keyLate'],
] as const)('it is told as too late where %s', ([, before, keyInput, kind]) => {
  const incident = new Incident(POLICY);
  incident.callEnds({ outcome: 'unknown', calls: 0 });
  before(incident);
  turnsUp(incident, keyInput);
  expect(incident.told(kind)).toHaveLength(1);
  expect(incident.told('acknowledged').some(({ owner }) => owner.by === '田中')).toBe(false);
});
