import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lifetime } from '../rig/rig.js';

/** A file that is removed at the end of its test. */
export async function fileWith(name: string, content: string, lifetime: Lifetime): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-incident-'));
  lifetime.onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

/** A policy file: 田中 is called, then 部長; the person who presses 1 takes it. Looked at every second. */
export const policyFile = (tanaka: string, bucho: string, lifetime: Lifetime): Promise<string> =>
  fileWith(
    'night.yaml',
    `name: night
parameters: [server]
contacts:
  tanaka: { name: 田中, phone: "${tanaka}" }
  bucho: { name: 部長, phone: "${bucho}" }
steps:
  primary:
    call: { contacts: [tanaka], say: "{{server}}に障害です。対応は1を押してください。", waitTime: 1 }
    keys: { 1: acknowledge }
    otherwise: { escalate: manager }
  manager:
    call: { contacts: [bucho], say: "{{server}}に障害です。対応は1を押してください。", waitTime: 1 }
    keys: { 1: acknowledge }
start: primary
budget: { calls: 20, within: 1d }
`,
    lifetime,
  );

/** Flags that open an incident of its own. */
export async function flagsToOpen(tanaka: string, bucho: string, lifetime: Lifetime): Promise<readonly string[]> {
  const policy = await policyFile(tanaka, bucho, lifetime);
  const alert = ['--summary', 'ディスク満杯', '--parameter', 'server=テスト用サーバー'];
  return ['--policy', policy, ...alert, '--dedup-key', randomUUID()];
}
