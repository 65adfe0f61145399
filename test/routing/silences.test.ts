import { describe, expect, test } from 'vitest';
import type { InternalAlert } from '../../src/alerts/alert.js';
import type { Silence } from '../../src/contract/silence-schema.js';
import { SilencesReader } from '../../src/gateway/silences-reader.js';
import { silencesFor } from '../../src/routing/silences.js';

const alert = (part: Partial<InternalAlert> = {}): InternalAlert => ({
  action: 'trigger',
  dedupKey: 'a',
  summary: 'disk full',
  severity: 'error',
  parameters: {},
  labels: { service: 'web', team: 'db' },
  links: [],
  source: 'generic',
  startedAt: null,
  ...part,
});

const silence = (part: Partial<Silence> = {}): Silence => ({
  number: 1,
  id: 'silences/q/1',
  labels: { service: 'web' },
  integration: null,
  critical: false,
  by: 'sato',
  reason: 'new disks',
  from: '2026-12-01T00:00:00.000Z',
  until: '2026-12-01T02:00:00.000Z',
  ended: null,
  ...part,
});

const ids = (silences: readonly Silence[], alerts: readonly InternalAlert[]) =>
  silencesFor(silences, alerts, 'shop').map(({ silence }) => silence);

describe('a silence is for an alert', () => {
  test('that has all its labels, and comes from its integration', () => {
    expect(ids([silence()], [alert()])).toEqual(['silences/q/1']);
    expect(ids([silence({ labels: { service: 'web', team: 'db' } })], [alert()])).toHaveLength(1);
    expect(ids([silence({ labels: { service: 'web', team: 'net' } })], [alert()])).toEqual([]);
    expect(ids([silence({ labels: { service: 'we' } })], [alert()])).toEqual([]);
    expect(ids([silence({ labels: { constructor: 'x' } })], [alert()])).toEqual([]);
    expect(ids([silence({ integration: 'shop' })], [alert()])).toHaveLength(1);
    expect(ids([silence({ integration: 'other' })], [alert()])).toEqual([]);
  });

  test('of which a label has several values, one of them its own', () => {
    const several = alert({ labels: { service: 'api, web' }, severalValues: { service: ['api', 'web'] } });
    expect(ids([silence()], [several])).toHaveLength(1);
  });

  test('of a group only where it is for all of them', () => {
    expect(ids([silence()], [alert(), alert({ labels: { service: 'web' } })])).toHaveLength(1);
    expect(ids([silence()], [alert(), alert({ labels: { service: 'db' } })])).toEqual([]);
  });

  test('never where nobody knows how severe it is', () => {
    expect(ids([silence()], [alert({ unknownWords: { severity: 'lila' } })])).toEqual([]);
  });

  test('critical ones only where it says so', () => {
    expect(silencesFor([silence()], [alert()], 'shop')).toMatchObject([{ unless: ['critical'] }]);
    expect(silencesFor([silence({ critical: true })], [alert()], 'shop')).toMatchObject([{ unless: [] }]);
  });
});

describe('silences that cannot be read', () => {
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const temporal = { withDeadline: async <T>(_: unknown, work: () => Promise<T>) => await work() };

  test('count for a minute, and then nothing is silenced', async () => {
    let now = 0;
    let answer: () => Promise<{ version: number; silences: readonly Silence[] }> = () =>
      Promise.resolve({ version: 1, silences: [silence({ until: later })] });
    const said: string[] = [];
    const log = { info: (text: string) => said.push(text), error: (_: object, text: string) => said.push(text) };
    const reader = new SilencesReader(
      () => answer(),
      temporal,
      log as never,
      () => now,
    );
    expect(await reader.current()).toHaveLength(1);
    answer = () => Promise.reject(new Error('no server'));
    now = 30_000;
    expect(await reader.current()).toHaveLength(1);
    now = 61_000;
    expect(await reader.current()).toEqual([]);
    expect(said).toHaveLength(1);
    answer = () => Promise.resolve({ version: 2, silences: [] });
    now = 63_000;
    expect(await reader.current()).toEqual([]);
    expect(said).toHaveLength(2);
  });

  test('at the first look silence nothing', async () => {
    const log = { info: () => undefined, error: () => undefined };
    const reader = new SilencesReader(() => Promise.reject(new Error('no server')), temporal, log as never);
    expect(await reader.current()).toEqual([]);
  });

  test('are over when their time is', async () => {
    const log = { info: () => undefined, error: () => undefined };
    const over = { version: 1, silences: [silence({ until: new Date(Date.now() - 1).toISOString() })] };
    const reader = new SilencesReader(() => Promise.resolve(over), temporal, log as never);
    expect(await reader.current()).toEqual([]);
  });
});
