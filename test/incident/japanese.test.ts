import { expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { runCommand, variablesOf } from '../rig/command.js';
import { useRig } from '../rig/rig.js';
import { calling, ENDLESSLY, escalateTo, open, policyWith, SATO, SIDE_BY_SIDE, TANAKA } from './incident-world.js';

const world = useRig();
const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
const OF_LOGS = /\dT\d\d:|\bUTC\b/;

test('an incident is in Japanese and in the time of Japan from the call to its end', SIDE_BY_SIDE, async (context) => {
  const people = { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: neverPicksUp() };
  const here = await world({ ...ENDLESSLY, people, workers: 'none', context });
  await here.startWorkers({ reading: { language: 'ja', timeZone: 'Asia/Tokyo' } });
  const variables = { ...variablesOf(here), PIGEONFLOW_LANGUAGE: 'ja', PIGEONFLOW_TIME_ZONE: 'Asia/Tokyo' };
  const incident = async (...args: readonly string[]) =>
    await runCommand(['incident', ...args], { variables, lifetime: context });
  const policy = policyWith({
    primary: calling([TANAKA], { otherwise: escalateTo('manager') }),
    manager: calling([SATO]),
  });
  const { id, handle, ask, until, timeline } = await open(here, policy);
  const ringing = await until((now) => now.ringing.join().includes('田中'), 'rings');
  expect(ringing.ringing).toEqual([
    expect.stringMatching(/^田中さんに架電中（\d{4}-\d\d-\d\d \d\d:\d\d:\d\d JST から）。（参照情報 /) as string,
  ]);
  expect(ringing.message).toBe('架電中：第 1 段階「primary」、1 回目（全 1 回）。');

  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toMatch(/^\*\*呼び出し中\*\*（重大）：disk full\n\n\*\*対応する\*\*：/);
  expect(currentDetails).toContain('| 対応者 | **なし** |');
  expect(currentDetails).toContain('| 次 | この架電で対応者が決まらなければ、「manager」に架電（佐藤） |');
  expect(currentDetails).toContain('**経過**（新しい順、JST）');
  expect(currentDetails).not.toMatch(OF_LOGS);
  // Who rings, without the reference, which is for whoever looks into Pigeon.
  expect(currentDetails).toMatch(/\| 架電中 \| 田中さんに架電中（[^（]*から）。 \|/);

  await ask('acknowledge', { by: 'sato' });
  const refusal = await ask('acknowledge', { by: 'kato' });
  expect(refusal).toMatchObject({
    accepted: false,
    message: expect.stringMatching(/^satoさんが\d+秒前から対応しています。引き継ぐには takeOver を/) as string,
  });

  const shown = await incident('show', id);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  for (const line of [
    /^対応中：\d{4}-\d\d-\d\d \d\d:\d\d:\d\d JST（\d+秒前）から$/m,
    /^disk full（重大、ポリシー test）$/m,
    /^satoさんが対応中です。架電は止めています。$/m,
    /^対応者：sato$/m,
    /^次：\d{4}-.* JST：未解決なら「.*」に架電（(?:4時間|3時間59分\d+秒)後）$/m,
    /^引き継ぐ： +pigeonflow incident take-over /m,
    /^経過（JST）：$/m,
    /^ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}satoさんが対応者になりました。/m,
  ]) {
    expect(shown.stdout).toMatch(line);
  }
  expect(shown.stdout).not.toMatch(OF_LOGS);
  expect((await incident('ack', id, '--by', 'kato')).stdout).toMatch(/^satoさんが/);
  const list = await incident('list', '--query', `WorkflowId = "${id}"`);
  expect(list.stdout).toMatch(/^対応中 {7}incident\/[^]*\n {2}対応者：sato、開始：\d{4}-.* JST（/);

  await ask('resolve', { by: 'sato', note: 'ディスクを増設' });
  const { timeline: recorded } = await handle.result().then((result) => result as { timeline: { text: string }[] });
  expect(recorded.filter(({ text }) => !JAPANESE.test(text) || OF_LOGS.test(text))).toEqual([]);
  expect((await timeline()).entries.at(-1)).toMatchObject({
    kind: 'closed',
    text: expect.stringContaining('解決済み') as string,
  });
  expect((await incident('report', id)).stdout).toMatch(/\| 対応者 \| sato \|[^]*## 経過（JST）/);
  // What is decided by words of the program has them in English: states in filters, JSON.
  expect(JSON.parse((await incident('show', id, '--json')).stdout)).toMatchObject({ state: 'resolved' });
});
