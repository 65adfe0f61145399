import { WorkflowFailedError, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { expect } from 'vitest';
import { CallCancelled, CallRefused, type PigeonCallInput } from '../../src/client.js';
import { answers, busy, neverPicksUp, type EmulatorOptions, type Person } from '../../src/emulator/emulator.js';
import { readPolicy } from '../../src/policy/read-policy.js';
import { eventually } from '../rig/rig.js';
import type { Installation } from './installation.js';

/** Whatever must be readable for nobody but those who have the keys. */
export const PLANTED = {
  'number that is answered': '0399887761',
  'number of the next level': '0399887769',
  'number that nobody answers': '0399887760',
  'name of the first': '秘密太郎',
  'name of the second': '極秘花子',
  'text that is read out': '極秘の案内文をお伝えします',
  'text after a key': '内密に対応をお願いします',
  parameter: '秘匿サーバー一号',
  summary: '機密データベースが停止',
  'summary of a repeat': '機密データベースが炎上',
  label: '社外秘の部署',
  source: '内部監視の道具',
  link: 'https://wiki.example/himitsu-no-tejun',
  'key of the alert': 'dedup-himitsu-4711',
  'who acknowledged': '内緒次郎',
  note: '内密の作業メモ',
  'input of an automation': '裏口の合言葉',
  'what Pigeon answered': '応答に混じる秘密',
} as const;

/** Texts of a refusal are cut off, so it quotes what is shortest and worst. */
const QUOTED = JSON.stringify({ message: PLANTED['what Pigeon answered'] });

/** Who is called in which scenario: by the key that is pressed there, or null for nobody who picks up. */
const NUMBERS = {
  '1': '0399887761',
  '2': '0399887762',
  '5': '0399887765',
  nobody: '0399887760',
  busy: '0399887763',
} as const;
const SECOND = '0399887769';

const pressing = (key: string): Person => answers(100, { key, afterMs: 100 });

export const SPACE: EmulatorOptions = {
  people: {
    [NUMBERS['1']]: pressing('1'),
    [NUMBERS['2']]: pressing('2'),
    [NUMBERS['5']]: pressing('5'),
    [NUMBERS.nobody]: neverPicksUp(),
    [NUMBERS.busy]: busy(),
    [SECOND]: neverPicksUp(),
  },
  lines: 30,
};

const policyText = (name: string, who: keyof typeof NUMBERS): string => `
name: ${name}
parameters: [server]
contacts:
  first: { name: ${PLANTED['name of the first']}, phone: "${NUMBERS[who]}" }
  second: { name: ${PLANTED['name of the second']}, phone: "${SECOND}" }
steps:
  primary:
    call: { contacts: [first], waitTime: 1, say: "{{server}}。${PLANTED['text that is read out']}。1、2、5のいずれかを押してください。" }
    keys:
      1: { say: "${PLANTED['text after a key']}", do: acknowledge }
      2: { do: { escalate: manager } }
      5: { do: { run: { workflow: pigeonCall, taskQueue: pigeonflow, input: "${PLANTED['input of an automation']}", onFailure: { escalate: manager } } } }
    otherwise: exhausted
  manager:
    call: { contacts: [second], waitTime: 1, say: "{{server}}。1を押してください。" }
    attempts: unlimited
    every: 1h
    keys: { 1: acknowledge }
start: primary
budget: { calls: 50, within: 1d }
`;

export const POLICIES = { 'by-name.yaml': policyText('by-name', '1') };

/** Calls and incidents that end in every way, well and badly. Resolves when all of them are over. */
export async function liveThroughEverything(here: Installation): Promise<void> {
  // Those with faults first, so that no fault befalls another.
  await refusedCall(here);
  await blockedCall(here);
  const { found } = await unconfirmedCall(here);
  await Promise.all(
    [
      answeredCall,
      cancelledCall,
      invalidInput,
      incidentByKey,
      incidentThroughTwoLevels,
      incidentWithAutomation,
      incidentThatIsExhausted,
      incidentWithSignals,
      incidentOfTheClient,
    ].map((scenario) => scenario(here)),
  );
  expect(await found).toMatchObject({ outcome: 'answered' });
}

const callTo = (who: keyof typeof NUMBERS): PigeonCallInput => ({
  callflow: {
    loopLimit: 1,
    contacts: [{ displayName: PLANTED['name of the first'], phones: [{ phoneNumber: NUMBERS[who] }] }],
  },
  guidance: {
    messageTemplate: `{{server}} ${PLANTED['text that is read out']}`,
    reactions: { 1: { behavior: 'terminate', messageTemplate: PLANTED['text after a key'] } },
  },
  parameters: { server: PLANTED.parameter },
  waitTime: 1,
});

async function answeredCall({ pigeonflow }: Installation): Promise<void> {
  const call = await pigeonflow.startCall('call/answered', callTo('1'));
  expect(await call.wait()).toMatchObject({ outcome: 'answered', answeredBy: PLANTED['name of the first'] });
}

async function refusedCall({ pigeonflow, emulator }: Installation): Promise<void> {
  emulator.faults.inject('invoke', { kind: 'status', status: 422, body: QUOTED });
  const call = await pigeonflow.startCall('call/refused', callTo('1'));
  await expect(call.wait()).rejects.toBeInstanceOf(CallRefused);
}

async function blockedCall({ pigeonflow, emulator }: Installation): Promise<void> {
  emulator.faults.inject('invoke', { kind: 'status', status: 403, body: QUOTED });
  const call = await pigeonflow.startCall('call/blocked', callTo('1'));
  await eventually(async () => (await call.status()).state === 'blocked', 'the call is blocked');
  await call.check();
  expect(await call.wait()).toMatchObject({ outcome: 'answered' });
}

/** Resolves when its POST was lost; to find it takes a while. */
async function unconfirmedCall({ pigeonflow, emulator }: Installation): Promise<{ readonly found: Promise<unknown> }> {
  emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
  const call = await pigeonflow.startCall('call/unconfirmed', callTo('1'));
  await eventually(async () => (await call.status()).state === 'looking', 'the call is looked for');
  return { found: call.wait() };
}

async function cancelledCall({ pigeonflow }: Installation): Promise<void> {
  const call = await pigeonflow.startCall('call/cancelled', callTo('nobody'));
  await eventually(async () => (await call.status()).calls.length === 1, 'it rings');
  await call.hangUp();
  await expect(call.wait()).rejects.toBeInstanceOf(CallCancelled);
}

async function invalidInput({ temporal }: Installation): Promise<void> {
  const wrong = { ...callTo('1'), waitTime: PLANTED.note, callflow: PLANTED['text that is read out'] };
  const options = { workflowId: 'call/invalid', taskQueue: 'pigeonflow', args: [wrong] };
  await expect(temporal.workflow.execute('pigeonCall', options)).rejects.toBeInstanceOf(WorkflowFailedError);
}

const ALERT = {
  summary: PLANTED.summary,
  severity: 'critical',
  parameters: { server: PLANTED.parameter },
  labels: { team: PLANTED.label },
  links: [PLANTED.link],
  dedupKey: PLANTED['key of the alert'],
} as const;

function policyNamed(name: string, who: keyof typeof NUMBERS): object {
  const reading = readPolicy(policyText(name, who));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.policy;
}

const open = async ({ temporal }: Installation, id: string, policy: object | string): Promise<WorkflowHandle> =>
  temporal.workflow.start('incident', {
    workflowId: `incident/${id}`,
    taskQueue: 'pigeonflow',
    args: [{ ...ALERT, policy }],
  });

const stateIs = async (incident: WorkflowHandle, state: string, level = 1) =>
  eventually(async () => {
    const status = await incident.query<{ readonly state: string; readonly level: number }>('status');
    return status.state === state && status.level >= level;
  }, `the incident is ${state} at level ${level}`);

async function incidentByKey(here: Installation): Promise<void> {
  const incident = await open(here, 'by-key', 'by-name');
  await stateIs(incident, 'acknowledged');
  await incident.executeUpdate('resolve', { args: [{ by: PLANTED['who acknowledged'], note: PLANTED.note }] });
  expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: PLANTED['name of the first'] } });
}

async function incidentThroughTwoLevels(here: Installation): Promise<void> {
  const incident = await open(here, 'two-levels', policyNamed('two-levels', '2'));
  await stateIs(incident, 'triggered', 2);
  const repeat = { alert: { ...ALERT, summary: PLANTED['summary of a repeat'] } };
  await incident.executeUpdate('alert', { args: [repeat] });
  await expect(incident.executeUpdate('alert', { args: [repeat] })).rejects.toBeInstanceOf(WorkflowUpdateFailedError);
  await expect(
    incident.executeUpdate('snooze', { args: [{ by: PLANTED['who acknowledged'], for: PLANTED.note }] }),
  ).rejects.toBeInstanceOf(WorkflowUpdateFailedError);
  const nowhere = { by: PLANTED['who acknowledged'], to: PLANTED.note };
  await expect(incident.executeUpdate('escalate', { args: [nowhere] })).rejects.toBeInstanceOf(
    WorkflowUpdateFailedError,
  );
  await incident.executeUpdate('escalate', { args: [{ ...nowhere, soft: true }] });
  await incident.executeUpdate('hangUp', { args: [{ by: PLANTED['who acknowledged'] }] });
  await incident.executeUpdate('snooze', { args: [{ by: PLANTED['who acknowledged'], for: '1h' }] });
  await incident.executeUpdate('escalate', { args: [{ by: PLANTED['who acknowledged'], to: 'manager' }] });
  await incident.executeUpdate('acknowledge', { args: [{ by: PLANTED['who acknowledged'], note: PLANTED.note }] });
  await incident.executeUpdate('resolve', { args: [{ by: PLANTED['who acknowledged'] }] });
  expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: PLANTED['who acknowledged'] } });
}

/** The automation is a call that it starts with an input that is none: it fails, and quotes it. */
async function incidentWithAutomation(here: Installation): Promise<void> {
  const incident = await open(here, 'automation', policyNamed('automation', '5'));
  await stateIs(incident, 'triggered', 2);
  await incident.cancel();
  expect(await incident.result()).toMatchObject({ state: 'cancelled' });
}

async function incidentThatIsExhausted(here: Installation): Promise<void> {
  const incident = await open(here, 'exhausted', policyNamed('exhausted', 'busy'));
  await stateIs(incident, 'exhausted');
  await incident.executeUpdate('resolve', { args: [{ by: PLANTED['who acknowledged'] }] });
}

async function incidentWithSignals(here: Installation): Promise<void> {
  const incident = await open(here, 'signals', policyNamed('signals', 'nobody'));
  await stateIs(incident, 'triggered');
  await incident.signal('acknowledge', { by: PLANTED['who acknowledged'], note: PLANTED.note });
  await incident.signal('resolve', { by: PLANTED['who acknowledged'] });
  expect(await incident.result()).toMatchObject({ state: 'resolved' });
}

async function incidentOfTheClient({ pigeonflow }: Installation): Promise<void> {
  const policy = policyNamed('client', 'nobody');
  const incident = await pigeonflow.openIncident({ ...ALERT, policy, links: [...ALERT.links], source: PLANTED.source });
  await incident.acknowledge({ by: PLANTED['who acknowledged'], note: PLANTED.note });
  const isListed = async () => (await pigeonflow.listIncidents()).find(({ summary }) => summary === PLANTED.summary);
  await eventually(isListed, 'it is listed');
  await incident.resolve({ by: PLANTED['who acknowledged'] });
  expect(await incident.result()).toMatchObject({ state: 'resolved' });
}
