import { describe, expect, test } from 'vitest';
import type { Update } from '../../src/incident/events.js';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { eventsOf } from './incident-history.js';
import {
  calling,
  escalateTo,
  open,
  type OpenIncident,
  policyWith,
  QUICKLY,
  refusalOf,
  refused,
  SATO,
  SIDE_BY_SIDE,
} from './incident-world.js';

const world = useSharedWorld(useRig(), { ...QUICKLY, people: { [SATO.phone]: neverPicksUp() } });

const WAITING = policyWith({
  primary: refused({ attempts: 'unlimited', every: '1h', otherwise: escalateTo('manager') }),
  manager: calling([SATO], { attempts: 'unlimited', every: '1h' }),
});

/** An incident that waits, so that nothing but the test makes events. */
async function waiting(): Promise<OpenIncident> {
  const incident = await open(world(), WAITING);
  await incident.told('waiting');
  return incident;
}

const failedTasks = async (incident: OpenIncident): Promise<number> =>
  (await eventsOf(incident)).filter(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes)
    .length;

describe('an empty form', SIDE_BY_SIDE, () => {
  test.for([
    ['acknowledge', /^external owns the incident/],
    ['resolve', /^The incident is resolved/],
    ['escalate', /^"manager" is called now/],
    ['snooze', /^Nobody is called for 30m/],
    ['hangUp', /^No call is live/],
  ] as const)('of %s is taken, whatever the Web UI makes of it', async ([update, message]) => {
    for (const empty of [undefined, null, {}, '']) {
      const incident = await waiting();
      expect((await incident.ask(update, empty)).message).toMatch(message);
      expect(await failedTasks(incident)).toBe(0);
    }
    const without = await waiting();
    const asked = without.handle.executeUpdate<{ message: string }, []>(update, { args: [] });
    const answer = await (update === 'hangUp' ? refusalOf(asked) : asked);
    expect(answer.message).toMatch(message);
  });

  test.for([
    ['acknowledge', { by: null, note: null, takeOver: null }, /^external owns/],
    ['acknowledge', { by: '', note: '' }, /^external owns/],
    ['resolve', { by: '', note: null }, /^The incident is resolved/],
    ['escalate', { by: null, to: '', from: '' }, /^"manager" is called now/],
    ['snooze', { by: '', for: '' }, /^Nobody is called for 30m/],
    ['snooze', { by: null, for: null }, /^Nobody is called for 30m/],
    ['hangUp', { by: '' }, /^No call is live/],
  ] as const)('of %s with the fields %j is as good as none', async ([update, fields, message]) => {
    expect((await (await waiting()).ask(update, fields)).message).toMatch(message);
  });
});

describe('what cannot be meant', SIDE_BY_SIDE, () => {
  const garbage: readonly (readonly [Update['kind'], unknown, RegExp])[] = [
    ['acknowledge', 'sato', /^acknowledge: input: must be object/],
    ['acknowledge', 42, /^acknowledge: input: must be object/],
    ['acknowledge', ['sato'], /^acknowledge: input: must be object/],
    ['acknowledge', { by: 42 }, /by: /],
    ['acknowledge', { by: 'x'.repeat(201) }, /by: /],
    ['acknowledge', { takeOver: 'yes' }, /takeOver: /],
    ['resolve', { note: { text: 'done' } }, /note: /],
    ['resolve', { note: 'x'.repeat(2_001) }, /note: /],
    ['escalate', { to: ['manager'] }, /to: /],
    ['escalate', { from: 1 }, /from: /],
    ['snooze', { for: '10' }, /for: must be a duration such as 30s, 5m, 4h or 2d/],
    ['snooze', { for: 600 }, /for: /],
    ['hangUp', { by: {} }, /by: /],
    ['alert', {}, /alert: /],
    ['alert', null, /alert: /],
    ['alert', { alert: 'disk full' }, /alert: /],
    ['alert', { alert: { severity: 'critical' } }, /summary/],
    ['alert', { alert: { summary: '' } }, /alert\.summary: /],
    ['alert', { alert: { summary: 'x', severity: 7 } }, /alert\.severity: must be string/],
    [
      'alert',
      { alert: { summary: 'x', parameters: { server: null } } },
      /alert\.parameters\.server: must be text of at most 10000 characters, a number or a boolean/,
    ],
  ];
  test.for(garbage)('%s %j is rejected, and the field is named', async ([update, argument, message]) => {
    const incident = await waiting();
    const before = (await eventsOf(incident)).length;
    expect(await refusalOf(incident.ask(update, argument))).toMatchObject({
      type: 'InvalidInput',
      message: expect.stringMatching(message) as string,
    });
    // Rejected by its validator, it costs no event, and the workflow is none the worse.
    expect(await eventsOf(incident)).toHaveLength(before);
    expect(await incident.ask('acknowledge', { by: 'suzuki' })).toMatchObject({ accepted: true });
    expect(await failedTasks(incident)).toBe(0);
  });

  test.for([
    ['escalate', { to: 'nobody' }, 'The policy has no step "nobody". It has primary, manager.'],
    ['escalate', { to: '__proto__' }, 'The policy has no step "__proto__". It has primary, manager.'],
    ['escalate', { from: 'manager' }, '"manager" is not being called: "primary" is. Nothing was changed.'],
    ['snooze', { for: '300d' }, /^"300d" is too long/],
  ] as const)('%s %j is answered in words, and changes nothing', async ([update, argument, message]) => {
    const incident = await waiting();
    const answer = await incident.ask(update, argument);
    expect(answer).toMatchObject({ accepted: false, state: 'triggered', owner: null });
    expect(answer.message).toMatch(message);
  });
});

describe('the same alert reported again', SIDE_BY_SIDE, () => {
  test.for([
    ['word for word', { summary: 'disk full', severity: 'critical', parameters: { server: 'web-1' } }],
    ['without the parameters that it had', { summary: 'disk full', severity: 'critical' }],
    ['with other labels and links', { summary: 'disk full', severity: 'critical', labels: { a: 'b' }, links: ['c'] }],
  ] as const)('%s is rejected, and costs no event however often it comes', async ([, alert]) => {
    const incident = await waiting();
    const before = (await eventsOf(incident)).length;
    const refusals = await Promise.all(Array.from({ length: 25 }, () => refusalOf(incident.ask('alert', { alert }))));
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ type: 'AlertUnchanged', message: 'Nothing new: the incident continues.' });
    }
    expect(await eventsOf(incident)).toHaveLength(before);
  });

  test('is rejected when nobody is called, too: acknowledged', async () => {
    const incident = await waiting();
    await incident.ask('acknowledge', { by: 'suzuki' });
    const alert = { summary: 'disk full', severity: 'critical' };
    expect(await refusalOf(incident.ask('alert', { alert }))).toMatchObject({ type: 'AlertUnchanged' });
  });

  test('after a change is measured against the change', async () => {
    const incident = await waiting();
    const alert = { summary: 'disk 99 % full', severity: 'critical', parameters: { server: 'web-2' } };
    expect(await incident.ask('alert', { alert })).toMatchObject({ accepted: true });
    expect(await refusalOf(incident.ask('alert', { alert }))).toMatchObject({ type: 'AlertUnchanged' });
    expect((await incident.timeline()).counts).toMatchObject({ alertChanged: 1 });
  });
});
