/** Incidents as an operator may meet them: each of one example policy, with people who do what brings it into a state. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PigeonflowClient, IncidentHandle } from '../../src/client.js';
import type { IncidentStatus } from '../../src/contract/incident-schema.js';
import {
  answeringMachine,
  answers,
  busy,
  type Emulator,
  manual,
  neverPicksUp,
  type PersonScript,
} from '../../src/emulator/emulator.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import { readPolicy } from '../../src/policy/read-policy.js';
import { projectRoot } from '../engine/project-root.js';

interface Scene {
  /** By which its id is readable. */
  readonly route: string;
  readonly policy: string;
  readonly summary: string;
  readonly severity: 'critical' | 'error' | 'warning';
  readonly parameters: Readonly<Record<string, string>>;
  /** What is changed in the policy's file before it is read. */
  readonly edit?: (yaml: string) => string;
  /** Of the policy's contacts, in its order. */
  readonly people: readonly PersonScript[];
  readonly meanwhile?: (incident: IncidentHandle) => Promise<unknown>;
  /** It is as it shall be seen. */
  readonly until: (status: IncidentStatus) => boolean;
}

const machine = answeringMachine(500, 1_000);
const takesIt = answers(500, { key: '1', afterMs: 500 });

const SCENES = {
  /** Two telephones of the second level. */
  ringing: {
    route: 'api-errors',
    policy: 'by-subject',
    summary: 'api-01: エラー率30%',
    severity: 'critical',
    parameters: { server: 'api-01', incident: 'エラー率の上昇' },
    people: [machine, manual(), manual(), manual()],
    until: ({ level, ringing }) => level === 2 && inCalls(ringing) === 2,
  },
  /** The third level waits for its second attempt. */
  threeLevels: {
    route: 'database',
    policy: 'by-subject',
    summary: 'db-01: デッドロック多発',
    severity: 'critical',
    parameters: { server: 'db-01', incident: 'デッドロック' },
    people: [machine, answers(800, { key: '2', afterMs: 500 }), manual(), machine],
    until: ({ level, nextAt }) => level === 3 && nextAt !== null,
  },
  allAtOnce: {
    route: 'power',
    policy: 'all-at-once',
    summary: '東京DC: 電源異常',
    severity: 'critical',
    parameters: { incident: '東京データセンターで電源異常が発生しています' },
    people: [manual(), manual(), answers(500, { key: '2', afterMs: 500 })],
    until: ({ ringing }) => inCalls(ringing) === 2 && ringing.length === 2,
  },
  waiting: {
    route: 'web-slow',
    policy: 'one-person',
    summary: 'web-01: 応答遅延',
    severity: 'error',
    parameters: { server: 'web-01', incident: '応答遅延' },
    people: [machine],
    until: ({ nextAt }) => nextAt !== null,
  },
  /** Its call flow is not stored in Pigeon. */
  refused: {
    route: 'orders',
    policy: 'second-flow',
    summary: 'orders: 注文が記録されない',
    severity: 'critical',
    parameters: { server: 'orders', incident: '注文の欠落' },
    people: [],
    until: ({ nextAt }) => nextAt !== null,
  },
  snoozed: {
    route: 'backup',
    policy: 'one-person',
    summary: 'backup-01: バックアップが遅延',
    severity: 'warning',
    parameters: { server: 'backup-01', incident: 'バックアップの遅延' },
    people: [manual()],
    meanwhile: async (incident) => {
      await eventually(incident, rings);
      await incident.snooze({ by: '佐藤', for: '30m' });
    },
    until: ({ state, ringing }) => state === 'snoozed' && ringing.length === 0,
  },
  acknowledged: {
    route: 'disk-full',
    policy: 'two-levels',
    summary: 'db-02: ディスク使用率95%',
    severity: 'error',
    parameters: { server: 'db-02', incident: 'ディスク使用率95%' },
    people: [machine, takesIt, neverPicksUp()],
    until: ({ state }) => state === 'acknowledged',
  },
  /** A workflow that a key has started. */
  running: {
    route: 'web-down',
    policy: 'repair-by-key',
    summary: 'web-05: 応答なし',
    severity: 'critical',
    parameters: { server: 'web-05' },
    people: [answers(500, { key: '5', afterMs: 500 }), neverPicksUp()],
    until: ({ state }) => state === 'acknowledged',
  },
  resolved: {
    route: 'certificate',
    policy: 'one-person',
    summary: 'web-02: 証明書の期限切れ',
    severity: 'error',
    parameters: { server: 'web-02', incident: '証明書の期限切れ' },
    people: [takesIt],
    meanwhile: async (incident) => {
      await eventually(incident, ({ state }) => state === 'acknowledged');
      await incident.resolve({ by: '田中', note: '証明書を更新した' });
    },
    until: ({ result }) => result !== null,
  },
  exhausted: {
    route: 'night-batch',
    policy: 'one-person',
    summary: 'batch-03: 夜間バッチが異常終了',
    severity: 'error',
    parameters: { server: 'batch-03', incident: '夜間バッチの異常終了' },
    edit: (yaml) => yaml.replace('every: 5m', 'every: 1s'),
    people: [[machine, busy(), machine]],
    until: ({ state }) => state === 'exhausted',
  },
  cancelled: {
    route: 'mail-queue',
    policy: 'one-person',
    summary: 'mail-01: 送信キューが滞留',
    severity: 'warning',
    parameters: { server: 'mail-01', incident: '送信キューの滞留' },
    people: [manual()],
    meanwhile: async (incident) => {
      await eventually(incident, rings);
      await incident.cancel();
    },
    until: ({ result }) => result !== null,
  },
  blocked: {
    route: 'cache',
    policy: 'one-person',
    summary: 'cache-01: 停止',
    severity: 'critical',
    parameters: { server: 'cache-01', incident: '停止' },
    people: [manual()],
    until: ({ state }) => state === 'blocked',
  },
} as const satisfies Readonly<Record<string, Scene>>;

export type SceneName = keyof typeof SCENES;

const inCalls = (ringing: readonly string[]): number =>
  ringing.filter((words) => /is being called|に架電中/.test(words)).length;
const rings = ({ ringing }: IncidentStatus): boolean => inCalls(ringing) > 0;

interface Space {
  readonly pigeonflow: PigeonflowClient;
  readonly emulator: Emulator;
}

/** Opens every incident and returns when each is in its state. The last one meets a token that has expired. */
export async function openAll(space: Space): Promise<Readonly<Record<SceneName, IncidentHandle>>> {
  const { blocked: _, ...others } = SCENES;
  const opened = await Promise.all(
    Object.keys(others).map(async (name) => [name, await openScene(space, name as SceneName)] as const),
  );
  space.emulator.faults.inject('invoke', { kind: 'status', status: 401 }, { times: 'always' });
  const blocked = await openScene(space, 'blocked');
  return { ...Object.fromEntries(opened), blocked } as Readonly<Record<SceneName, IncidentHandle>>;
}

/** Opens one, with telephone numbers of its own, and returns when it is in its state. */
export async function openScene({ pigeonflow, emulator }: Space, name: SceneName): Promise<IncidentHandle> {
  const { route, policy, summary, severity, parameters, edit = same, people, meanwhile, until }: Scene = SCENES[name];
  const prefix = `0300${String(Object.keys(SCENES).indexOf(name)).padStart(2, '0')}000`;
  people.forEach((person, index) => emulator.space.people.set(`${prefix}${index + 1}`, person));
  const yaml = readFileSync(join(projectRoot, `policies/${policy}.yaml`), 'utf8').replaceAll(
    '"030000000',
    `"${prefix}`,
  );
  const alert = { summary, severity, parameters, source: 'zabbix', dedupKey: summary };
  const incident = await pigeonflow.openIncident({ ...alert, policy: impatient(read(policy, edit(yaml))) }, { route });
  await meanwhile?.(incident);
  await eventually(incident, until);
  return incident;
}

const same = (yaml: string): string => yaml;

function read(name: string, yaml: string): Policy {
  const reading = readPolicy(yaml);
  if (reading.ok) return reading.policy;
  throw new Error(`policies/${name}.yaml has errors: run pigeonflow policy check policies/${name}.yaml`);
}

/** Looks at its calls every second, as only an emulator likes it. */
function impatient(policy: Policy): Policy {
  const steps = Object.entries(policy.steps).map(([name, step]) => {
    return [name, { ...step, call: step.call.map((call) => ({ ...call, waitTime: 1 })) }] as const;
  });
  return { ...policy, steps: Object.fromEntries(steps) };
}

async function eventually(incident: IncidentHandle, is: (status: IncidentStatus) => boolean): Promise<void> {
  let status = await incident.status();
  for (const end = Date.now() + PATIENCE_MS; !is(status); status = await incident.status()) {
    if (Date.now() > end) throw new Error(`${incident.incidentId} stays as it is: ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const PATIENCE_MS = 120_000;
