import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callTo, type Lifetime } from '../rig/rig.js';

/** Flags that call one person, who must press 1, as often as that: files with a call flow and a guidance, and two parameters. */
export async function flagsToCall(phoneNumber: string, lifetime: Lifetime, times = 1): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-call-'));
  lifetime.onTestFinished(() => rm(folder, { recursive: true }));
  const { callflow, guidance } = callTo(phoneNumber);
  const [callflowFile, guidanceFile] = [join(folder, 'callflow.json'), join(folder, 'guidance.json')];
  // Pigeon goes through the contacts ten times at most.
  const loopLimit = Math.min(times, 10);
  const contacts = Array.from({ length: Math.ceil(times / 10) }, () => callflow?.contacts[0]);
  await writeFile(callflowFile, JSON.stringify({ loopLimit, contacts }));
  await writeFile(guidanceFile, JSON.stringify(guidance));
  const people = ['--callflow', callflowFile, '--guidance', guidanceFile, '--wait-time', '1'];
  return [...people, '--parameter', 'server=テスト用サーバー', '--parameter', 'incident=軽度の障害 a=b'];
}
