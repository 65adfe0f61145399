import { describe, expect, test } from 'vitest';
import { knownSeverity, severityOf, SEVERITY_WORDS } from '../../src/contract/severity.js';
import { saidFirst, showTried } from '../../src/cli/route-show.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import { route } from '../../src/routing/route.js';
import { routeAll } from '../../src/routing/route-all.js';
import { withSeverities, markOf, stateOf, stateOfType } from '../../src/alerts/state-words.js';
import { alertWith, described, routesOf } from '../routing/routes.js';
import { onlyAlert } from './samples.js';

describe('a word of severity', () => {
  test.for([
    ['P0', 'critical'],
    ['sev-0', 'critical'],
    ['SEV_1', 'critical'],
    ['ＣＲＩＴＩＣＡＬ', 'critical'],
    [' Emerg ', 'critical'],
    ['page', 'critical'],
    ['緊急', 'critical'],
    ['致命的な障害', 'critical'],
    ['Err', 'error'],
    ['重度の 障害', 'error'],
    ['Average', 'warning'],
    ['軽度の障害', 'warning'],
    ['Not classified', 'info'],
    ['none', 'info'],
  ] as const)('%s is %s', ([word, severity]) => {
    expect(knownSeverity(word)).toBe(severity);
  });

  test.for(['', '1', '3', 'constructor', '__proto__', '大変', 'critical!!', undefined])(
    '%s is none that is known',
    (word) => {
      expect(knownSeverity(word)).toBeUndefined();
      expect(severityOf(word)).toBe('error');
    },
  );

  test('stands once in the table', () => {
    const words = Object.values(SEVERITY_WORDS).flat();
    expect(new Set(words).size).toBe(words.length);
  });
});

describe('the words of a routing file', () => {
  const rules = 'rules: [{ name: all, policy: stored }]';
  const severityIn = (text: string, alert = alertWith({ severityWord: '警戒', severity: 'warning' })) => {
    const decision = routeAll(routesOf(text), alert, { integration: 'i', at: 0 })[0]?.decision;
    return decision?.kind === 'open' ? decision.input.severity : decision?.kind;
  };

  test('win over the table', () => {
    expect(severityIn(`severities: { 警戒: critical }\n${rules}`)).toBe('critical');
    expect(severityIn(rules)).toBe('warning');
  });

  test('are read as all words are, and decide which rule takes an alert', () => {
    const text = `severities: { very-bad: critical }\nrules:\n  - { name: bad, when: { severity: critical }, policy: stored }\n  - { name: rest, ignore: true }`;
    const alert = alertWith({ severityWord: 'VERY BAD', severity: 'error', unknownWords: { severity: 'VERY BAD' } });
    expect(severityIn(text, alert)).toBe('critical');
    expect(withSeverities(alert, routesOf(text).severities)).not.toHaveProperty('unknownWords');
  });

  test('count for each alert of a group', async () => {
    const alerts = ['警戒', 'info'].map((severity) => ({ status: 'firing', labels: { severity } }));
    const group = await onlyAlert('alertmanager', { version: '4', groupKey: 'k', status: 'firing', alerts });
    expect(severityIn(`severities: { 警戒: critical }\n${rules}`, group)).toBe('critical');
    expect(severityIn(rules, group)).toBe('warning');
  });

  test("say nothing of a number that the sender's own mapping reads", async () => {
    const own = routesOf(`severities: { '4': info }\n${rules}`).severities;
    const zabbix = await onlyAlert('zabbix', { event_id: '1', event_value: '1', event_nseverity: '4' });
    expect(withSeverities(zabbix, own).severity).toBe('error');
    const generic = await onlyAlert('generic', { summary: 'a', severity: '4' });
    expect(generic.unknownWords).toEqual({ severity: '4' });
    expect(withSeverities(generic, own).severity).toBe('info');
  });

  test('are checked', () => {
    expect(described(`severities: [警戒]\n${rules}`).join('\n')).toContain('gives each word a severity');
    expect(described(`severities: { 警戒: high }\n${rules}`).join('\n')).toContain('did you mean "error"?');
    expect(described(`severities: { sev-9: info, SEV9: info }\n${rules}`).join('\n')).toContain('the same word');
    expect(described(`severities: { 警戒: info }\n${rules}`).join('\n')).toContain('is warning everywhere else');
    expect(described(`severities: { 警戒: critical }\n${rules}`)).toEqual([]);
  });
});

describe('a word of state', () => {
  test.for([
    'resolved',
    'RESOLVE',
    'Recovered',
    'closed',
    'OK',
    'none',
    'Up',
    'SUCCEEDED',
    'Completed',
    'COMPLIANT',
    '正常',
    '復旧',
    '復旧しました',
    '復旧済み',
    '障害復旧',
    '異常解除',
    '正常に復帰',
    '解消済',
    '正常終了',
    '異常なし',
    '正常（復旧）',
    '【復旧】',
    'WARNING -> OK',
    '警告→正常',
    'web-1 (OK)',
    '正常。',
  ])('%s is an end', (word) => {
    expect(stateOf(word)).toBe('resolve');
  });

  test.for([
    'firing',
    'alerting',
    'down',
    'critical',
    '障害',
    '異常',
    '異常終了',
    'OK -> CRITICAL',
    'unresolved',
    'no data',
    '正常（一部障害）',
    '復旧（未確認）',
    'OK (partial)',
    'timed_out',
    '発報',
  ])('%s is a trouble', (word) => {
    expect(stateOf(word)).toBe('trigger');
  });

  test.for([
    '',
    '未解消',
    '復旧見込み',
    '復旧作業',
    'not resolved',
    'info',
    '7',
    'constructor',
    'ok '.repeat(50),
    undefined,
  ])('%s is none that is known', (word) => {
    expect(stateOf(word)).toBeUndefined();
  });

  test.for([
    ['com.example.disk.resolved.v1', 'resolve'],
    ['com.example.disk.resolved.v1beta1', 'resolve'],
    ['com.example.disk.resolved/2', 'resolve'],
    ['dev.tekton.event.pipelinerun.successful.v1', 'resolve'],
    ['Microsoft.AlertsManagement.AlertResolved', 'resolve'],
    ['disk-auto-recovered', 'resolve'],
    ['incident.acknowledged.v3', 'acknowledge'],
    ['com.example.disk.failed', 'trigger'],
    ['com.example.disk.not-resolved', undefined],
    ['com.example.disk.failed_to_resolve', undefined],
    ['com.example.disk.unresolved', 'trigger'],
    ['com.example.cluster.scale.up', undefined],
    ['v1', undefined],
    ['', undefined],
  ] as const)('the type %s is %s', ([type, action]) => {
    expect(stateOfType(type)).toBe(action);
  });

  test.for([
    ['[RESOLVED] DiskFull (web-1)', { state: 'resolve', rest: 'DiskFull (web-1)', pairs: true }],
    ['[FIRING:2] DiskFull (web-1)', { state: 'trigger', rest: 'DiskFull (web-1)', pairs: true }],
    ['OK: "cpu" in Tokyo', { state: 'resolve', rest: '"cpu" in Tokyo', pairs: true }],
    ['PROBLEM: web-1', { state: 'trigger', rest: 'web-1', pairs: true }],
    ['【障害】DB', { state: 'trigger', rest: 'DB', pairs: true }],
    ['Error: nightly batch', { state: 'trigger', rest: 'nightly batch', pairs: false }],
    ['障害：夜間バッチ', { state: 'trigger', rest: '夜間バッチ', pairs: false }],
    ['【復旧】DB', { state: 'resolve', rest: 'DB', pairs: true }],
    [
      '** RECOVERY Service Alert: web-1/HTTP is OK **',
      { state: 'resolve', rest: 'Service Alert: web-1/HTTP is OK **', pairs: true },
    ],
    ['[PROD] slow', undefined],
    ['Auto Scaling: termination', undefined],
    // Its own denial
    ['Recovery: failed to start db', undefined],
    ['Success: false', undefined],
    ['Complete: 0 of 5 replicas', undefined],
    ['Restored: no', undefined],
    ['復旧: いいえ', undefined],
    ['【復旧】失敗', undefined],
    ['【復旧】失敗しました', undefined],
    // The trouble's own name
    ['[RESOLVED] Failed login attempts', { state: 'resolve', rest: 'Failed login attempts', pairs: true }],
    ['[OK] No space left on db-1', { state: 'resolve', rest: 'No space left on db-1', pairs: true }],
    ['OK: 0 errors', { state: 'resolve', rest: '0 errors', pairs: true }],
  ] as const)('the subject %s', ([subject, expected]) => {
    expect(markOf(subject)).toEqual(expected);
  });
});

describe('what `route test` shows', () => {
  test('names the word that nobody knows, and what is cut', async () => {
    const alert = await onlyAlert('generic', { summary: '監視画面を開きます。'.repeat(40), severity: 'dire' });
    const decision = route(routesOf('rules: [{ name: all, policy: stored }]'), alert, { integration: 'i', at: 0 });
    const guidance = { messageTemplate: '{{incident}}。1を押してください。', reactions: {} };
    const policy = { start: 'a', steps: { a: { call: [{ callflowId: 'c', guidance }] } } } as unknown as Policy;
    const shown = showTried({ alert, decision, saidFirst: saidFirst(policy, { incident: alert.summary }) });
    expect(shown).toContain('no table knows the severity "dire", which counts as error');
    expect(shown).toMatch(/監視画面を開きます。…。1を押してください。」/);
    expect(shown).toContain('{{incident}} is not said to its end');
  });
});

describe('several values of a label', () => {
  const alert = alertWith({
    labels: { scope: 'availability, performance' },
    severalValues: { scope: ['availability', 'performance'] },
  });

  test.for(['availability', 'performance', '{ matches: "perf.*" }', '"availability, performance"'])(
    'a rule may ask for any: %s',
    (wanted) => {
      const routes = routesOf(`rules: [{ name: a, when: { labels: { scope: ${wanted} } }, policy: stored }]`);
      expect(route(routes, alert, { integration: 'i', at: 0 }).kind).toBe('open');
    },
  );

  test('and no other one', () => {
    const routes = routesOf('rules: [{ name: a, when: { labels: { scope: perf } }, policy: stored }]');
    expect(route(routes, alert, { integration: 'i', at: 0 }).kind).toBe('unrouted');
  });
});
