import { describe, expect, test } from 'vitest';
import { answers, manual, neverPicksUp } from '../../src/emulator/emulator.js';
import { order, rig, TANAKA, YAMADA } from './rig.js';

const twice = order({ callflow: { loopLimit: 2, contacts: [TANAKA] } });

describe('scripted people', () => {
  test('a single person does the same at every call', async () => {
    const { start, statuses, clock } = await rig({ people: { '0300000001': answers(1_000, '2') } });
    const run = await start(twice);
    clock.advance(60_000);
    expect(await statuses(run)).toEqual(['succeeded', 'succeeded']);
  });

  test('a list is used up call by call; one call too many is recorded, and nobody picks up', async () => {
    const { start, statuses, clock, emulator } = await rig(
      { people: { '0300000001': [answers(1_000, '2')] } },
      'unexpectedAllowed',
    );
    const run = await start(twice);
    clock.advance(60_000);
    expect(await statuses(run)).toEqual(['succeeded', 'missed']);
    expect(emulator.unexpectedCalls).toMatchObject([{ resultId: run, contact: '田中', phoneNumber: '0300000001' }]);
  });

  test('a call to a number without a script is unexpected', async () => {
    const { start, clock, emulator } = await rig({}, 'unexpectedAllowed');
    await start();
    clock.advance(60_000);
    expect(emulator.unexpectedCalls).toHaveLength(1);
  });

  test('strangers may be somebody, or manual telephones', async () => {
    const somebody = await rig({ strangers: answers(1_000, '1') });
    const run = await somebody.start();
    somebody.clock.advance(60_000);
    expect(await somebody.statuses(run)).toEqual(['succeeded']);

    const { start, clock, emulator, ringing } = await rig({ strangers: 'manual' });
    await start();
    clock.advance(1_000);
    expect(emulator.space.pickUp(ringing())).toBe('done');
  });

  test('a script can be replaced, and hyphens in a number do not matter', async () => {
    const { start, statuses, clock, emulator } = await rig({ people: { '03-0000-0001': neverPicksUp() } });
    emulator.space.people.set('03 0000 0001', answers(1_000, '1'));
    const run = await start();
    clock.advance(60_000);
    expect(await statuses(run)).toEqual(['succeeded']);
  });
});

describe('telephones on a page', () => {
  test('are those that are stored, scripted or called, with their calls in progress', async () => {
    const { start, clock, emulator } = await rig({
      people: { '0300000001': manual(), '0300000002': manual() },
      contacts: [{ contactId: 'c', displayName: '山田', phones: [{ phoneNumber: '0300000002' }] }],
    });
    await start();
    clock.advance(1_000);
    expect(emulator.space.telephones()).toMatchObject([
      { phoneNumber: '0300000002', names: ['山田'], calls: [] },
      { phoneNumber: '0300000001', names: ['田中'], calls: [{ phase: 'ringing', status: 'calling' }] },
    ]);
  });

  test('show what is read out and which keys are assigned', async () => {
    const { start, clock, emulator, ringing } = await rig({ people: { '0300000001': manual() } });
    await start();
    clock.advance(1_000);
    emulator.space.pickUp(ringing());
    expect(emulator.space.calls()[0]).toMatchObject({
      phase: 'reading',
      keys: { '1': 'terminate', '2': 'continue', '3': 'leave' },
    });
    clock.advance(8_000);
    expect(emulator.space.calls()[0]?.phase).toBe('awaitingKey');
    emulator.space.press(ringing(), '1');
    expect(emulator.space.calls()[0]).toMatchObject({ phase: 'reacting', keyInput: '1' });
    expect(emulator.space.calls()[0]?.transcript.at(-1)?.text).toBe('お願いします。');
  });

  test('tell every change to anyone who subscribes', async () => {
    const { start, clock, emulator } = await rig({
      people: { '0300000001': answers(1_000, '1'), '0300000002': manual() },
    });
    const heard: string[] = [];
    const unsubscribe = emulator.space.subscribe((change) => {
      if (change.kind === 'run' || change.kind === 'call') heard.push(`${change.kind} ${change.status}`);
      else heard.push(change.kind === 'webhook' ? `webhook ${change.event}` : change.kind);
    });
    await start(order({ callflow: { loopLimit: 1, contacts: [TANAKA, YAMADA] } }));
    clock.advance(60_000);
    expect(heard.filter((each, index) => each !== heard[index - 1])).toEqual([
      'run waiting',
      'run started',
      'webhook started',
      'placed',
      'call calling',
      'call succeeded',
      'run succeeded',
      'webhook completed',
    ]);
    unsubscribe();
    const count = heard.length;
    await start();
    expect(heard).toHaveLength(count);
  });

  test('an act at a call that never was is an error', async () => {
    const { emulator } = await rig();
    expect(() => emulator.space.pickUp('none')).toThrow('There is no call none');
  });
});
