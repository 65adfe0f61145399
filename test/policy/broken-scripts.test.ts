import { expect, test } from 'vitest';
import { readScript } from '../../src/simulate/script.js';
import { describeProblem } from '../../src/yaml-file/describe-problems.js';
import { examples, policyOf } from './policies.js';

const policy = policyOf(examples.find(({ name }) => name === 'repair-by-key.yaml')?.text ?? '');

/** Each has one mistake. */
const BROKEN = [
  '',
  '{}',
  '[silence]',
  'cals: { 田中: silence }',
  'x-note: of my own\ncalls: { 田中: silence }',
  'incident: disk full',
  'incident:',
  'incident: { summary: }',
  'incident: { summary: "" }',
  'incident: { summary: 5 }',
  'incident: { sumary: disk full }',
  'incident: { severity: bad }',
  'incident: { until: closed }',
  'incident: { parameters: [server] }',
  'incident: { parameters: { server: [web-1] } }',
  'incident: { parameters: { server: } }',
  'calls: silence',
  'calls: [silence]',
  'calls:',
  'calls: { 田中: sleeps }',
  'calls: { 田中: }',
  'calls: { 田中: 0 }',
  'calls: { 田中: 1.5 }',
  'calls: { 田中: true }',
  'calls: { 田中: 12 }',
  'calls: { 田中: constructor }',
  'calls: { 田中: { key: 1 } }',
  'calls: { 田中: [] }',
  'calls: { 田中: [silence, 1 after soon] }',
  'calls: { 田中: 1 after 0s }',
  'calls: { 田仲: silence }',
  'calls: { "0300000001": sleeps }',
  'calls: { "0900000009": 1 }',
  'operator: acknowledge',
  'operator: { at: 1m, do: acknowledge }',
  'operator: []',
  'operator: [acknowledge]',
  'operator: [{ at: 1m }]',
  'operator: [{ at: 1m, do: restart }]',
  'operator: [{ do: hangUp }]',
  'operator: [{ at: soon, do: hangUp }]',
  'operator: [{ at: 90, do: hangUp }]',
  'operator: [{ at: 0s, do: hangUp }]',
  'operator: [{ at: 1m, do: hangUp, note: x }]',
  'operator: [{ at: 1m, do: resolve, by: 3 }]',
  'operator: [{ at: 1m, do: acknowledge, takeOver: yes }]',
  'operator: [{ at: 1m, do: escalate, note: x }]',
  'operator: [{ at: 1m, do: snooze, fro: 30m }]',
  'operator: [{ at: 1m, do: alert }]',
  'operator: [{ at: 1m, do: alert, summary: worse, severity: bad }]',
  'outages: { from: 5m, to: 10m }',
  'outages: [5m]',
  'outages: [{ from: 5m }]',
  'outages: [{ from: 5m, to: 5m }]',
  'outages: [{ from: 5m, to: 10m, reason: 3 }]',
  'restarts: 5m',
  'restarts: [5]',
  'runs: { restartWeb: { ends: 30s } }',
  'runs: { restartWeb: hangs after 3s }',
  'runs: { restartWeb: works }',
  'runs: { restartWeb: [] }',
  'runs: { restart: fails }',
  'horizon: 7',
  'horizon: 0s',
  'horizon: 7w',
  'calls: {',
  'cals: { 田中: silence }\nhorizon: soon\nrestarts: [later]',
];

/** What its author gets to read. */
test('a script that is wrong is answered with messages that name the place and say what to do', async () => {
  const answers = BROKEN.map((text) => {
    const { ok, problems } = readScript(text, policy);
    const described = problems.map((problem) => describeProblem(problem, 'script.yaml', text));
    return [`=== ${text}`, ...(ok ? ['(fine)'] : []), ...described].join('\n\n');
  });
  await expect(`${answers.join('\n\n\n')}\n`).toMatchFileSnapshot('broken-scripts.messages.txt');
});
