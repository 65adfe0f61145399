/** `npm run demo -- --incident`: from an alert to its owner, level by level. */
import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { createPigeonflowClient } from '../src/client.js';
import { answers, neverPicksUp } from '../src/emulator/emulator.js';
import type { Policy } from '../src/contract/policy-schema.js';
import { readPolicy } from '../src/policy/read-policy.js';
import { startStack } from './stack.js';

const POLICY_FILE = 'policies/by-subject.yaml';

/** 田中 sleeps on; 山田 says that it is the database, while 佐藤's telephone rings; the database team takes it. */
const PEOPLE = {
  '0300000001': neverPicksUp(),
  '0300000002': answers(2_000, { key: '2', afterMs: 1_500 }),
  '0300000003': neverPicksUp(),
  '0300000004': answers(1_500, { key: '1', afterMs: 1_000 }),
};

export async function demoIncident(say: (text: string) => void): Promise<void> {
  say('Starting a Temporal server, a Pigeon emulator and a worker …');
  const stack = await startStack({
    webUi: 'headless',
    emulator: { people: PEOPLE, switches: { ringSeconds: 8 }, lines: 2 },
  });
  process.once('SIGINT', () => void stack.stop().then(() => process.exit(130)));
  await stack.startWorker();
  const connection = await Connection.connect({ address: stack.temporal.address });
  try {
    const client = createPigeonflowClient(new Client({ connection, namespace: stack.temporal.namespace }));
    const incident = await client.openIncident({
      policy: impatient(policyOfTheDemo()),
      summary: '応答遅延',
      severity: 'critical',
      parameters: { server: 'web-01', incident: '応答遅延' },
      dedupKey: `demo-${Date.now()}`,
      source: 'demo',
    });
    say(`The incident ${incident.incidentId} is open.`);
    let told = 0;
    const tell = async (): Promise<void> => {
      const { entries } = await incident.timeline();
      for (const { text } of entries.slice(told)) say(text);
      told = entries.length;
    };
    while ((await incident.status()).owner === null) {
      await tell();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await tell();
    await incident.resolve({ by: 'DB担当', note: '再起動' });
    const { state, owner, keyInput, levels, placedCalls } = await incident.result();
    say(`Closed as ${state}.`);
    const path = levels.map(({ step, outcome, keyInput }) => `${step} ${keyInput ?? outcome}`).join(' → ');
    console.log(
      `\n担当者: ${owner?.by ?? 'なし'}（ボタン ${keyInput ?? 'なし'}）\n経路: ${path}\n架電数: ${placedCalls}\n`,
    );
  } finally {
    await connection.close();
    await stack.stop();
  }
  say('Everything is stopped.');
}

function policyOfTheDemo(): Policy {
  const reading = readPolicy(readFileSync(POLICY_FILE, 'utf8'));
  if (!reading.ok) throw new Error(`${POLICY_FILE} has errors: run pigeonflow policy check ${POLICY_FILE}`);
  return reading.policy;
}

/** Looks at its calls every second, as only an emulator likes it. */
function impatient(policy: Policy): Policy {
  const steps = Object.entries(policy.steps).map(([name, step]) => {
    return [name, { ...step, call: step.call.map((call) => ({ ...call, waitTime: 1 })) }] as const;
  });
  return { ...policy, steps: Object.fromEntries(steps) };
}
