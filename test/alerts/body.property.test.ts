import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BodyCutter, BodyTooLarge, MOST_BYTES_WITH_LIST, type CutBody } from '../../src/alerts/body.js';
import { parseBody } from '../../src/alerts/body.js';

function cut(body: Buffer, longList: string | undefined, chunkBytes = 65_536): CutBody {
  const cutter = new BodyCutter(longList);
  for (let at = 0; at < body.length; at += chunkBytes) cutter.push(body.subarray(at, at + chunkBytes));
  return cutter.finish();
}

interface Group {
  readonly alerts: readonly { readonly n: number }[];
  readonly groupKey: string;
  readonly message?: string;
}
const parsed = ({ bytes }: CutBody): Group => {
  const result = parseBody(bytes);
  if (!result.ok) throw new Error(result.problem.message);
  return result.body as Group;
};

/** As Alertmanager writes it: the key behind the alerts. */
const storm = (alerts: number, more: object = {}) => ({
  status: 'firing',
  alerts: Array.from({ length: alerts }, (_, n) => ({
    n,
    labels: { instance: `web-${n}`, odd: '}],"\\"', nested: [[n], { a: [] }] },
    annotations: { summary: 'x'.repeat(1_000), description: '障害"]}\\' },
  })),
  groupLabels: { alerts: ['not', 'these'] },
  ...more,
  groupKey: '{}:{cluster="tokyo"}',
});

describe('a body', () => {
  test('within the bound is read as it is', () => {
    const body = Buffer.from(`\uFEFF${JSON.stringify(storm(900))}`);
    expect(cut(body, 'alerts').bytes.equals(body)).toBe(true);
    expect(cut(body, 'alerts').leftOut).toBe(0);
  });

  test('in chunks of one byte takes no more memory than its length explains', () => {
    const cutter = new BodyCutter(undefined);
    const byte = Buffer.from('x');
    for (let n = 0; n < 100_000; n += 1) cutter.push(byte);
    expect(cutter.heldBytes).toBeLessThanOrEqual(200_000);
    expect(cutter.finish().bytes.length).toBe(100_000);
  });

  test.for([1, 7, 65_536, 10_000_000])('too large loses only the end of its list, in chunks of %d', (chunkBytes) => {
    const sent = storm(4_000);
    const text = JSON.stringify(sent);
    // One byte at a time only where it ends, which takes long enough.
    const body = Buffer.from(text);
    const cutter = new BodyCutter('alerts');
    const slowFrom = chunkBytes < 100 ? body.length - 50_000 : 0;
    if (slowFrom > 0) cutter.push(body.subarray(0, slowFrom));
    for (let at = slowFrom; at < body.length; at += chunkBytes) cutter.push(body.subarray(at, at + chunkBytes));
    const kept = cutter.finish();
    const group = parsed(kept);
    expect(group.alerts.length).toBeGreaterThan(3_000);
    expect(group.alerts.length + kept.leftOut).toBe(4_000);
    expect(group).toEqual({ ...sent, alerts: sent.alerts.slice(0, group.alerts.length) });
    expect(kept.bytes.length).toBeLessThan(MOST_BYTES_WITH_LIST + 10_000);
  });

  test('with all its alerts in one text once more, as Grafana sends it, keeps its key', () => {
    for (const message of ['**Firing**\\n "web-1" '.repeat(40_000), '\u0007障\u3042'.repeat(40_000)]) {
      const body = Buffer.from(JSON.stringify(storm(3_900, { message })));
      const kept = cut(body, 'alerts');
      const group = parsed(kept);
      expect(group.groupKey).toBe('{}:{cluster="tokyo"}');
      expect(message.startsWith(group.message ?? '-')).toBe(true);
      expect(kept.bytes.length).toBeLessThan(body.length);
    }
  });

  test('that cannot be cut is too large, and one without an end too', () => {
    const large = Buffer.alloc(6_000_000, 'x');
    expect(() => cut(large, undefined)).toThrow(BodyTooLarge);
    expect(() => cut(Buffer.from(JSON.stringify({ alerts: 'x', other: [large.toString()] })), 'alerts')).toThrow(
      BodyTooLarge,
    );
    expect(() => cut(Buffer.alloc(80_000_000, '[{'), 'alerts', 1_000_000)).toThrow(BodyTooLarge);
  });

  test('of any kind is cut without an error of its own, and stays within the bound', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '"alerts"',
      '"groupKey"',
      'é',
      '1',
      'x'.repeat(9_000),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        const body = Buffer.from(pieces.join('').repeat(1_200));
        const kept = keptOrTooLarge(body);
        expect(kept).toBeLessThanOrEqual(MOST_BYTES_WITH_LIST + 1_048_576);
      }),
      { numRuns: 8 },
    );
  });
});

function keptOrTooLarge(body: Buffer): number {
  try {
    return cut(body, 'alerts').bytes.length;
  } catch (error) {
    if (error instanceof BodyTooLarge) return 0;
    throw error;
  }
}

describe('whole numbers', () => {
  const of = (text: string) => parseBody(Buffer.from(text));

  test('that a number of JavaScript cannot hold are read digit by digit', () => {
    expect(of('{"a":7123456789012345678,"b":[-7123456789012345679, 12],"c":"1111222233334444"}')).toEqual({
      ok: true,
      body: { a: '7123456789012345678', b: ['-7123456789012345679', 12], c: '1111222233334444' },
    });
  });

  test.for([
    '{"a":1.7123456789012345678}',
    '{"a":17123456789012345e3}',
    '{"a":0.17123456789012345}',
    '7123456789012345678',
  ])('%s: others stay what they are', (text) => {
    expect(of(text)).toEqual({ ok: true, body: /^\d/.test(text) ? text : (JSON.parse(text) as unknown) });
  });

  test('do not make wrong JSON right', () => {
    for (const text of ['{7123456789012345678:1}x', '{"a":--7123456789012345678}', '{"a":7123456789012345678 1}'])
      expect(of(text).ok).toBe(false);
  });
});
