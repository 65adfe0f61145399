import { expect, test } from 'vitest';
import { answerBySignal } from '../../src/client/ask-incident.js';

const SATO = { by: 'sato', via: 'api', step: null, keyInput: null } as const;
const since = '2026-11-30T00:00:00.000Z';

test.for([
  ['acknowledge', { by: 'sato' }, { state: 'acknowledged', owner: SATO }, true],
  ['acknowledge', { by: 'kato' }, { state: 'acknowledged', owner: SATO }, false],
  ['acknowledge', {}, { state: 'acknowledged', owner: { ...SATO, by: 'external' } }, true],
  ['resolve', {}, { state: 'resolved', owner: SATO }, true],
  ['resolve', {}, { state: 'triggered', owner: null }, false],
  ['snooze', {}, { state: 'snoozed', owner: null }, true],
  ['escalate', {}, { state: 'acknowledged', owner: SATO }, false],
] as const)('%s %o by signal: what follows is %o, so it was accepted: %s', ([update, asked, seen, accepted]) => {
  expect(answerBySignal(update, asked, { ...seen, since, message: 'so it is.' })).toMatchObject({ accepted, ...seen });
});
