import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callParameters, cutForSpeech, saysTooMuch } from '../../src/incident/policy.js';
import type { StepCall } from '../../src/contract/policy-schema.js';
import { cutAltogether, cutToSpeak, secondsToSpeak, SPOKEN_SECONDS, spokenText } from '../../src/incident/spoken.js';

const call = (messageTemplate: string, reaction = '承りました'): StepCall => ({
  callflowId: 'c',
  guidance: { messageTemplate, reactions: { 1: { behavior: 'terminate', messageTemplate: reaction } } },
});
const LONG = '夜間の一括処理で異常が発生しました。監視画面を開き、対象の仕事の状態を確認します。'.repeat(20);
const secondsOf = (...texts: readonly unknown[]) => secondsToSpeak(texts.join(''));

describe('what an alert brings to speech', () => {
  test.for([
    ['[FIRING:1] Memory host (web)', 'Memory host (web)'],
    ['[FIRING:3] *API* `5xx` is **high**', 'API 5xx is high'],
    ['[PROD] connections exhausted', '[PROD] connections exhausted'],
    ['see <https://wiki.example.jp/runbook?id=12|the runbook> <!channel> <@U012AB>', 'see the runbook'],
    ['## DB _CPU_\n- Open [dashboard](https://console.example.jp/x?y=z)', 'DB CPU Open dashboard'],
    ['<b>disk</b> &amp; <a href="https://x.example.jp/a?token=abc">link</a>&nbsp;full &#37;', 'disk & link full %'],
    ['https://grafana.example.jp:3000/d/abcdef0123456789/shop?orgId=1 is down', 'grafana.example.jp/d/shop is down'],
    [
      'https://shop.example.jp/api/v2/orders/f81d4fae-7dec-11d0-a765-00a0c91e6bf6/items is slow',
      'shop.example.jp/api/v2/orders is slow',
    ],
    ['https://shop.example.jp/2026112300/ is slow', 'shop.example.jp is slow'],
    ['https://user:secret@shop.example.jp/health is down', 'shop.example.jp/health is down'],
    ['{{ $labels.instance }} is down ({{server}})', 'is down'],
    ['Disk {#FSNAME} of {HOST.NAME} is full', 'Disk of is full'],
    ['load is 12.34567890123, version 1.22.333333', 'load is 12.34, version 1.22.333333'],
    [':fire: API is slow :rotating_light:', 'API is slow'],
    // Names keep their signs.
    ['node_cpu_seconds_total of web_1 > 5 * 3', 'node_cpu_seconds_total of web_1 > 5 * 3'],
    ['arn:aws:sns:ap-northeast-1:123456789012:ops', 'arn:aws:sns:ap-northeast-1:123456789012:ops'],
    ['a < b and c > d', 'a < b and c > d'],
    ['**', '**'],
    ['{{server}}', 'server'],
  ] as const)('%s is said: %s', ([written, said]) => {
    expect(spokenText(written)).toBe(said);
  });

  test('is cut at the end of a sentence or a word, and never within a character', () => {
    expect(cutToSpeak('一つ目の文です。二つ目の文はここで切れてしまいます。', 3)).toBe('一つ目の文です。…');
    expect(cutToSpeak('alpha beta gamma delta', 1)).toBe('alpha beta…');
    expect(cutToSpeak('𠮷'.repeat(20), 1)).toBe(`${'𠮷'.repeat(5)}…`);
    expect(cutToSpeak('短い', 30)).toBe('短い');
  });

  test('never takes longer than it may, whatever it is', () => {
    const texts = fc.array(
      fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 300 }), times: fc.nat({ max: 3 }).map((n) => n + 1) }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(texts, (given) => {
        const cut = cutAltogether(given, 10);
        const seconds = cut.map((text, index) => secondsToSpeak(text.replace(/…$/, '')) * (given[index]?.times ?? 1));
        expect(seconds.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(10.1);
      }),
      { numRuns: 200 },
    );
  });

  test('takes at most 30 s of a text altogether, and the short names stay whole', () => {
    const filled = callParameters(call('{{server}}に{{incident}}を検出しました。対応は1を押してください。'), {
      server: 'web-1',
      incident: LONG,
    });
    expect(filled['server']).toBe('web-1');
    expect(filled['incident']).toMatch(/。…$/);
    expect(secondsOf(filled['server'], filled['incident'])).toBeLessThanOrEqual(SPOKEN_SECONDS + 0.1);
  });

  test('counts as often as it is read', () => {
    const { incident } = callParameters(call('{{incident}}。繰り返します。{{incident}}。'), { incident: LONG });
    expect(secondsOf(incident, incident)).toBeLessThanOrEqual(SPOKEN_SECONDS + 0.2);
  });

  test('of a stored guidance, which nobody knows, is all that the incident has', () => {
    const filled = callParameters({ callflowId: 'c', guidanceId: 'g' }, { server: LONG, incident: LONG });
    expect(secondsOf(filled['server'], filled['incident'])).toBeLessThanOrEqual(SPOKEN_SECONDS + 0.2);
  });

  test('leaves alone what is not spoken, and what the policy says itself', () => {
    const spoken = { ...call('{{own}}{{server}}'), parameters: { own: LONG } };
    expect(callParameters(spoken, { server: 'web-1', details: LONG, own: 'x' })).toEqual({
      server: 'web-1',
      details: LONG,
      own: LONG,
    });
  });

  test('is cut in what follows a key too', () => {
    const { note } = callParameters(call('{{server}}', '{{note}}'), { server: 'web-1', note: LONG });
    expect(secondsOf(note)).toBeLessThanOrEqual(SPOKEN_SECONDS + 0.1);
  });

  test('is named where it is cut', () => {
    const given = { server: 'web-1', incident: LONG };
    expect(cutForSpeech(call('{{server}}{{incident}}'), given)).toEqual(['incident']);
    expect(cutForSpeech(call('{{server}}'), given)).toEqual([]);
    expect(saysTooMuch(given)).toBe(true);
    expect(saysTooMuch({ server: 'web-1' })).toBe(false);
  });

  test('is never worked on for long', () => {
    for (const text of [
      '*a'.repeat(50_000),
      '<a '.repeat(50_000),
      '['.repeat(100_000),
      '`'.repeat(100_000),
      '_a'.repeat(50_000),
    ]) {
      const from = performance.now();
      spokenText(text);
      expect(performance.now() - from).toBeLessThan(1_000);
    }
  });
});
