import { describe, expect, test } from 'vitest';
import { answers, manual, neverPicksUp, type Person, type Switches } from '../../src/emulator/emulator.js';
import { GUIDANCE, order, READING_MS, rig, TANAKA, YAMADA } from './rig.js';

/** Plays one run with Tanaka alone to its end. */
async function played(person: Person, switches: Partial<Switches>, params = order()) {
  const { start, result, clock, emulator } = await rig({ people: { '0300000001': person }, switches });
  const run = await start(params);
  clock.advance(1_200_000);
  return { result: await result(run), emulator };
}

const stored = {
  contacts: [{ contactId: 'c', ...TANAKA }],
  callflows: [{ callflowId: 'flow', name: 'flow', loopLimit: 1, contacts: ['c'] }],
};

describe('switches of what a run does', () => {
  test('9 queueSize: any number', async () => {
    const { invoke } = await rig({ people: { '0300000001': neverPicksUp() }, switches: { queueSize: 2 } });
    const statuses = [await invoke(), await invoke(), await invoke()].map(({ json }) => json['status']);
    expect(statuses).toEqual(['requested', 'requested', 'rejected']);
  });

  test('9 longestWaitSeconds: endless, or a run that waits longer fails without a call', async () => {
    const { start, result, clock } = await rig({
      people: { '0300000001': neverPicksUp() },
      switches: { longestWaitSeconds: 20 },
    });
    await start();
    const waiting = await start();
    clock.advance(19_999);
    expect(await result(waiting)).toMatchObject({ status: 'waiting' });
    clock.advance(1);
    expect(await result(waiting)).toMatchObject({ isActive: false, status: 'failed', calls: [] });
  });

  test('10 transferWord and transferTargetKey: any literal', async () => {
    const reactions = { ...GUIDANCE.reactions, '4': { behavior: 'forward', target: '0300000009' } };
    const params = order({ guidance: { ...GUIDANCE, reactions } });
    const switches = { transferWord: 'forward', transferTargetKey: 'target' };
    const { result, emulator } = await played(answers(1_000, '4'), switches, params);
    expect(result).toMatchObject({ status: 'succeeded', keyInput: '4' });
    expect(emulator.journal.calls().at(-1)).toMatchObject({ purpose: 'transferTarget', phoneNumber: '0300000009' });
    const { invoke } = await rig();
    expect((await invoke(params)).status).toBe(400);
  });

  test.each([
    ['cutsCall', ['succeeded', 'succeeded'], '0'],
    ['cutsRun', ['succeeded'], '0'],
    ['readAgain', ['ignored', 'ignored'], null],
  ] as const)('11 keyZero %s', async (keyZero, statuses, keyInput) => {
    const params = order({ callflow: { loopLimit: 2, contacts: [TANAKA] } });
    const { result } = await played(answers(1_000, '0'), { keyZero }, params);
    expect(result).toMatchObject({ status: 'failed', keyInput, calls: statuses.map((status) => ({ status })) });
  });

  test.each(['*', '#'])('11 starAndHash: %s makes the guidance start again, or does nothing', async (key) => {
    const { start, clock, emulator, ringing } = await rig({ people: { '0300000001': manual() } });
    await start();
    clock.advance(1_000);
    emulator.space.pickUp(ringing());
    expect(emulator.space.press(ringing(), key)).toBe('readAgain');
    emulator.space.switches.starAndHash = 'nothing';
    expect(emulator.space.press(ringing(), key)).toBe('notCounted');
  });

  test('12 ringSeconds: any number', async () => {
    const { result } = await played(answers(15_000, '1'), { ringSeconds: 10 });
    expect(result).toMatchObject({ calls: [{ status: 'missed', finishedAt: '2024-04-01T00:00:10.100Z' }] });
  });

  test('12 keyWaitSeconds: any number', async () => {
    const { emulator } = await played(answers(0), { keyWaitSeconds: 1 });
    const [call] = emulator.space.calls();
    expect(call?.transcript[2]?.from).toBe((call?.transcript[0]?.from ?? 0) + 2 * READING_MS + 1_000);
  });

  test.each(['ignored', 'missed', 'failed'] as const)('13 afterSixReadings %s', async (afterSixReadings) => {
    const { result } = await played(answers(1_000), { afterSixReadings });
    expect(result).toMatchObject({ status: 'failed', calls: [{ status: afterSixReadings }] });
  });

  test.each(['failed', 'succeeded'] as const)('14 allLeft %s', async (allLeft) => {
    const params = order({ callflow: { loopLimit: 3, contacts: [TANAKA] } });
    const { result } = await played(answers(1_000, '3'), { allLeft }, params);
    expect(result).toMatchObject({ status: allLeft, calls: [{ status: 'succeeded' }] });
  });

  test.each([
    ['inOrder', 2],
    ['firstOnly', 1],
  ] as const)('15 severalPhones %s', async (severalPhones, count) => {
    const phones = [{ phoneNumber: '0300000001' }, { phoneNumber: '03-0000-0001' }];
    const params = order({ callflow: { loopLimit: 1, contacts: [{ displayName: '田中', phones }] } });
    const { emulator } = await played(neverPicksUp(), { severalPhones }, params);
    expect(emulator.journal.calls()).toHaveLength(count);
  });

  test.each([
    ['loopLimitMax', { loopLimitMax: 2 }, order({ callflow: { loopLimit: 3, contacts: [TANAKA] } })],
    ['contactsMax', { contactsMax: 1 }, order({ callflow: { loopLimit: 1, contacts: [TANAKA, YAMADA] } })],
    ['messageLengthMax', { messageLengthMax: 10 }, order()],
    ['parameterLengthMax', { parameterLengthMax: 3 }, order({ parameters: { a: '1234' } })],
  ])('16 %s: beyond is refused, with 422 or what errorCodes says', async (_, limits, params) => {
    const { invoke, emulator } = await rig({ people: { '0300000001': manual() }, switches: limits });
    expect((await invoke(params)).status).toBe(422);
    emulator.space.switches.errorCodes.beyondLimits = 400;
    expect((await invoke(params)).status).toBe(400);
    const usual = await rig({ people: { '0300000001': manual() } });
    expect((await usual.invoke(params)).status).toBe(201);
  });

  test.each([
    ['empty', 'と'],
    ['kept', '{{a}}と{{ b }}'],
  ] as const)('17 missingParameter %s', async (missingParameter, text) => {
    const params = order({ guidance: { ...GUIDANCE, messageTemplate: '{{a}}と{{ b }}' } });
    const { emulator } = await played(answers(1_000), { missingParameter }, params);
    expect(emulator.space.calls()[0]?.transcript[0]?.text).toBe(text);
  });

  test('17 missingParameter refused: also in the sentence of a key', async () => {
    const { invoke } = await rig({ switches: { missingParameter: 'refused' } });
    const reactions = { '1': { behavior: 'terminate', messageTemplate: '{{a}}' } };
    expect((await invoke(order({ guidance: { ...GUIDANCE, reactions } }))).status).toBe(400);
  });

  test.each([
    ['trimmed', 'xです'],
    ['literal', 'です'],
  ] as const)('17 templateSpaces %s', async (templateSpaces, text) => {
    const params = order({ guidance: { ...GUIDANCE, messageTemplate: '{{ a }}です' }, parameters: { a: 'x' } });
    const { emulator } = await played(answers(1_000), { templateSpaces }, params);
    expect(emulator.space.calls()[0]?.transcript[0]?.text).toBe(text);
  });

  test('20 mixedForm: accept or refuse', async () => {
    const { invoke, emulator } = await rig({ ...stored, people: { '0300000001': manual() } });
    const mixed = { callflowId: 'flow', guidance: GUIDANCE };
    expect((await invoke(mixed)).status).toBe(201);
    emulator.space.switches.mixedForm = 'refuse';
    expect((await invoke(mixed)).status).toBe(422);
    expect((await invoke()).status).toBe(201);
  });
});
