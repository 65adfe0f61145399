import { describe, expect, test } from 'vitest';
import { parseBody } from '../../src/alerts/body.js';
import { loadSource, sourceNames } from '../../src/alerts/sources.js';
import { bodyOf, onlyAlert, received } from './samples.js';

const withFields = (file: string, fields: object): object => ({ ...(bodyOf(file) as object), ...fields });

describe('a source', () => {
  test('is a file of its name', async () => {
    expect(sourceNames()).toEqual([
      'alerthub',
      'alertmanager',
      'cloudevents',
      'datadog',
      'generic',
      'grafana',
      'mackerel',
      'pagerduty',
      'sns',
      'zabbix',
    ]);
    for (const name of ['nothing', '../source', 'generic.ts', '', '__proto__']) {
      expect(await loadSource(name)).toBeUndefined();
    }
  });

  test.for(sourceNames())('%s refuses what is no JSON object', async (source) => {
    for (const body of [undefined, null, 'text', 7, true]) {
      expect(await received(source, { body })).toEqual({
        ok: false,
        problem: { pointer: '', message: 'the body must be a JSON object' },
      });
    }
  });
});

describe('generic', () => {
  test('takes the summary for a key where there is none, so that a repeat is the same incident', async () => {
    expect((await onlyAlert('generic', { summary: 'The disk is full' })).dedupKey).toBe('The disk is full');
  });

  test.for([
    [{}, '/summary'],
    [{ summary: ' ' }, '/summary'],
    [{ summary: {} }, '/summary'],
    [{ dedupKey: 'a' }, '/summary'],
    [{ action: 'resolve' }, '/summary'],
    [[7, { summary: ' ' }], '/0'],
  ] as const)('%j is refused at its field', async ([body, pointer]) => {
    expect(await received('generic', { body })).toMatchObject({ ok: false, problem: { pointer } });
  });

  test('an element that does not fit is named, and those beside it are taken', async () => {
    const body = [{ summary: 'a' }, { dedupKey: 'b' }, 7, { summary: 'c' }];
    expect(await received('generic', { body })).toMatchObject({
      ok: true,
      alerts: [{ summary: 'a' }, { summary: 'c' }],
      refused: [{ pointer: '/1/summary' }, { pointer: '/2' }],
    });
  });

  test.for([
    [{ action: 'close' }, 'resolve'],
    [{ action: 'Resolved' }, 'resolve'],
    [{ status: 'OK' }, 'resolve'],
    [{ state: 'recovered' }, 'resolve'],
    [{ status: 'none' }, 'resolve'],
    [{ action: 'ack' }, 'acknowledge'],
    [{ status: 'firing' }, 'trigger'],
    [{ action: 'trigger', status: 'ok' }, 'trigger'],
    [{ action: 'resolve', status: 'firing' }, 'resolve'],
    [{ status: 'ok', state: 'firing' }, 'trigger'],
    [{ status: 'critical', state: 'closed' }, 'trigger'],
    [{ status: 'acknowledged', state: 'firing' }, 'acknowledge'],
    [{ status: 'critical' }, 'trigger'],
  ] as const)('%j means %s', async ([fields, action]) => {
    const alert = await onlyAlert('generic', { summary: 'a', ...fields });
    expect(alert).toMatchObject({ action });
    expect(alert).not.toHaveProperty('unknownWords');
  });

  test('a state that nobody knows is a trouble, and is counted', async () => {
    expect(await onlyAlert('generic', { summary: 'a', action: 'frobnicate' })).toMatchObject({
      action: 'trigger',
      unknownWords: { state: 'frobnicate' },
    });
  });

  test('a severity is read by the table of all words; one that nobody knows is error, and is counted', async () => {
    expect(await onlyAlert('generic', { summary: 'a', severity: 'SEV-1' })).toMatchObject({ severity: 'critical' });
    expect(await onlyAlert('generic', { summary: 'a', severity: 'terrible' })).toMatchObject({
      severity: 'error',
      unknownWords: { severity: 'terrible' },
    });
    expect(await onlyAlert('generic', { summary: 'a', severity: ' ' })).not.toHaveProperty('unknownWords');
  });

  test('an empty list calls nobody, and says so', async () => {
    expect(await received('generic', { body: [] })).toMatchObject({
      alerts: [],
      ignored: [{ reason: 'the list is empty' }],
    });
  });
});

describe('pagerduty', () => {
  test('finds the key of the integration in the body, or in its header', async () => {
    const source = await loadSource('pagerduty');
    const request = { headers: {}, query: {}, body: bodyOf('pagerduty.resolve.json') };
    expect(source?.keyOf?.(request)).toBe('0123456789abcdef0123456789abcdef');
    expect(source?.keyOf?.({ ...request, body: {}, headers: { 'x-routing-key': 'k' } })).toBe('k');
    expect(source?.keyOf?.({ ...request, body: 'text' })).toBeUndefined();
  });

  test('refuses in the words that its libraries know', async () => {
    const source = await loadSource('pagerduty');
    expect(source?.refusal?.({ pointer: '/payload/severity', message: 'must be "critical"' })).toEqual({
      status: 'invalid event',
      message: 'Event object is invalid',
      errors: ['payload.severity: must be "critical"'],
    });
  });

  test.for([
    [{ event_action: 'close' }, '/event_action'],
    [{ event_action: null }, '/event_action'],
    [{ dedup_key: 'k'.repeat(256) }, '/dedup_key'],
    [{ event_action: 'resolve', dedup_key: null }, '/dedup_key'],
    [{ payload: null }, '/payload/summary'],
  ] as const)('%j is refused at its field', async ([fields, pointer]) => {
    const body = withFields('pagerduty.trigger.json', fields);
    expect(await received('pagerduty', { body })).toMatchObject({ ok: false, problem: { pointer } });
  });

  test.for([
    ['page', 'critical'],
    ['Critical', 'critical'],
    ['high', 'error'],
    ['', 'error'],
    [null, 'error'],
    ['<no value>', 'error'],
    [3, 'error'],
  ] as const)('a templated severity %j calls as %s, and is never refused', async ([severity, expected]) => {
    const payload = { summary: 'a', source: '', severity };
    const alert = await onlyAlert('pagerduty', withFields('pagerduty.trigger.json', { payload }));
    expect(alert).toMatchObject({ action: 'trigger', severity: expected });
  });

  test('details are kept as labels, whatever their form', async () => {
    const details = async (custom_details: unknown) => {
      const payload = { summary: 'a', source: 'b', severity: 'error', custom_details };
      return (await onlyAlert('pagerduty', withFields('pagerduty.trigger.json', { payload }))).labels;
    };
    expect(await details('free 1 %')).toMatchObject({ custom_details: 'free 1 %' });
    expect(await details({ firing: { alerts: [{ labels: { pod: { name: 'x' } } }] } })).toMatchObject({
      'firing.alerts.0.labels.pod.name': 'x',
    });
  });

  test("a detail cannot take the place of the event's own source", async () => {
    const payload = {
      summary: 'a',
      source: 'web-1',
      severity: 'info',
      custom_details: { source: 'other', team: 'db' },
    };
    const { labels } = await onlyAlert('pagerduty', withFields('pagerduty.trigger.json', { payload }));
    expect(labels).toMatchObject({ source: 'web-1', team: 'db' });
  });

  test('an event that follows up says by its payload what it was about, where it has one', async () => {
    const { labels } = await onlyAlert('pagerduty', withFields('pagerduty.trigger.json', { event_action: 'resolve' }));
    expect(labels).toMatchObject({ source: 'web-1.example.com', status: '503' });
    expect(
      (await onlyAlert('pagerduty', withFields('pagerduty.resolve.json', { client: 'Nightwatch' }))).labels,
    ).toEqual({});
  });

  test('a summary of 1,024 characters, which it allows, is cut to what an incident takes', async () => {
    const payload = { summary: 'x'.repeat(1_024), source: 'web-1', severity: 'info' };
    const { summary } = await onlyAlert('pagerduty', withFields('pagerduty.trigger.json', { payload }));
    expect(summary).toBe(`${'x'.repeat(999)}…`);
  });
});

describe('alertmanager', () => {
  test('a resolved alert of a group that still fires changes neither count, severity nor beginning', async () => {
    const alert = await onlyAlert('alertmanager', bodyOf('alertmanager.firing.json'));
    expect(alert).toMatchObject({
      action: 'trigger',
      labels: { alertCount: '2' },
      startedAt: '2026-11-22T02:10:00.000Z',
    });
  });

  test('an unchanged repeat is the same alert', async () => {
    const body = bodyOf('alertmanager.firing.json');
    expect(await onlyAlert('alertmanager', structuredClone(body))).toEqual(await onlyAlert('alertmanager', body));
  });

  test('a group of one alert has the labels of it, so that rules can ask for its instance', async () => {
    const { labels } = await onlyAlert('alertmanager', bodyOf('alertmanager.resolved.json'));
    expect(labels).toMatchObject({ instance: 'db-1', alertCount: '1' });
  });

  test('its key may have any length, and two long keys stay two', async () => {
    const keys = await Promise.all(
      ['a', 'b'].map(async (end) => {
        const body = withFields('alertmanager.firing.json', { groupKey: `${'k'.repeat(5_000)}${end}` });
        return (await onlyAlert('alertmanager', body)).dedupKey;
      }),
    );
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key.length).toBeLessThanOrEqual(1_000);
  });
});

describe('zabbix', () => {
  test.for([
    [{}, 'trigger'],
    [{ event_update_status: '1' }, 'trigger'],
    [{ event_update_status: '1', event_ack_status: 'Yes' }, 'acknowledge'],
    [{ event_ack_status: 'Yes' }, 'trigger'],
    [{ event_value: '0', event_update_status: '1', event_ack_status: 'Yes' }, 'resolve'],
    [{ event_value: 0 }, 'resolve'],
  ] as const)('%j means %s', async ([fields, action]) => {
    expect(await onlyAlert('zabbix', withFields('zabbix.problem.json', fields))).toMatchObject({ action });
  });

  test.for([
    ['0', 'info'],
    ['1', 'info'],
    ['2', 'warning'],
    ['3', 'warning'],
    ['4', 'error'],
    ['5', 'critical'],
    ['Disaster', 'critical'],
    ['Average', 'warning'],
    ['Not classified', 'info'],
    ['constructor', 'error'],
  ] as const)('severity %s is %s', async ([event_nseverity, severity]) => {
    expect(await onlyAlert('zabbix', withFields('zabbix.problem.json', { event_nseverity }))).toMatchObject({
      severity,
    });
  });

  test('each of several values of a tag is one that a rule can ask for', async () => {
    const tags = [
      ['scope', 'availability'],
      ['scope', 'performance'],
      ['scope', 'performance'],
      ['team', 'db'],
    ].map(([tag, value]) => ({ tag, value }));
    const event_tags = JSON.stringify(tags);
    const { labels, severalValues } = await onlyAlert('zabbix', withFields('zabbix.problem.json', { event_tags }));
    expect(labels).toMatchObject({ scope: 'availability, performance', team: 'db' });
    expect(severalValues).toEqual({ scope: ['availability', 'performance'] });
  });

  test.for([
    { alert_message: 'NOTE: Escalation canceled: host "web-01" disabled.' },
    { event_update_status: '1', event_update_action: 'commented' },
    { event_update_status: '1', event_update_action: 'unacknowledged, commented' },
    { event_update_status: '1', event_update_action: 'suppressed' },
  ])('a note calls nobody: %j', async (fields) => {
    expect(await received('zabbix', { body: withFields('zabbix.problem.json', fields) })).toMatchObject({
      ok: true,
      alerts: [],
      ignored: [{ reason: 'a note of Zabbix about a problem, not a problem' }],
    });
  });

  test.for([
    [{ event_update_action: 'changed severity from High to Disaster' }, 'trigger'],
    [{ event_update_action: 'commented, changed severity from High to Disaster' }, 'trigger'],
    [{ event_value: '0', alert_message: 'NOTE: Escalation canceled' }, 'resolve'],
    [{ event_value: 'RESOLVED' }, 'resolve'],
    [{ event_value: 'PROBLEM' }, 'trigger'],
    [{ event_value: '7' }, 'trigger'],
  ] as const)('%j means %s', async ([fields, action]) => {
    expect(await onlyAlert('zabbix', withFields('zabbix.problem.json', fields))).toMatchObject({ action });
  });

  test.for(['[]', 'not [json', '', ',:,', '[{"tag":7,"value":null}]', '{"tag":"a"}'])(
    'odd tags do no harm: %s',
    async (event_tags) => {
      expect(await onlyAlert('zabbix', withFields('zabbix.problem.json', { event_tags }))).toMatchObject({
        action: 'trigger',
      });
    },
  );
});

describe('mackerel', () => {
  test.for([
    ['critical', 'critical'],
    ['warning', 'warning'],
    ['unknown', 'error'],
    ['new word', 'error'],
  ] as const)('status %s is severity %s', async ([status, severity]) => {
    const { alert } = bodyOf('mackerel.open.json') as { alert: object };
    const body = withFields('mackerel.open.json', { alert: { ...alert, status } });
    expect(await onlyAlert('mackerel', body)).toMatchObject({ severity });
  });

  test('an alert of another organization is another one', async () => {
    const other = await onlyAlert('mackerel', withFields('mackerel.open.json', { orgName: 'other' }));
    expect(other.dedupKey).not.toBe((await onlyAlert('mackerel', bodyOf('mackerel.open.json'))).dedupKey);
  });
});

describe('a group of alerts', () => {
  const alerts = [{ labels: { alertname: 'DiskFull' } }];

  test.for(['burning', undefined, null, 7, {}] as const)(
    'with the status %j triggers, and that is counted',
    async (status) => {
      for (const source of ['alertmanager', 'grafana']) {
        const alert = await onlyAlert(source, { version: '4', groupKey: 'k', status, alerts });
        expect(alert.action).toBe('trigger');
        expect(alert.group?.members.map(({ unknownWords }) => Object.keys(unknownWords ?? {}))).toEqual([['state']]);
      }
    },
  );

  test.for([
    ['Resolved', 'resolve'],
    ['ok', 'resolve'],
    ['acknowledged', 'trigger'],
    ['FIRING', 'trigger'],
  ] as const)('with the status %s: %s', async ([status, action]) => {
    const alert = await onlyAlert('alertmanager', { version: '4', groupKey: 'k', status, alerts });
    expect(alert).toMatchObject({ action });
    expect(alert).not.toHaveProperty('unknownWords');
  });
});

describe('datadog', () => {
  test('a transition that nobody knows triggers where no type says what it is', async () => {
    const body = (alert_type: string) =>
      withFields('datadog.triggered.json', { alert_transition: 'Frobnicated', alert_type, alert_priority: '' });
    expect(await onlyAlert('datadog', body(''))).toMatchObject({
      action: 'trigger',
      severity: 'error',
      unknownWords: { state: 'Frobnicated' },
    });
    expect(await received('datadog', { body: body('info') })).toMatchObject({ alerts: [], ignored: [{}] });
  });

  test.for([
    ['Triggered', 'trigger', 'critical'],
    ['Re-Triggered', 'trigger', 'critical'],
    ['No Data', 'trigger', 'critical'],
    ['Re-No Data', 'trigger', 'critical'],
    ['Renotify', 'trigger', 'critical'],
    ['Warn', 'trigger', 'warning'],
    ['Re-Warn', 'trigger', 'warning'],
    ['Recovered', 'resolve', 'critical'],
    ['A word of next year', 'trigger', 'critical'],
  ] as const)('%s means %s, %s', async ([alert_transition, action, severity]) => {
    const body = withFields('datadog.triggered.json', { alert_transition });
    expect(await onlyAlert('datadog', body)).toMatchObject({ action, severity });
  });

  test.for([
    ['P1', 'critical'],
    ['1', 'critical'],
    [4, 'info'],
    ['normal', 'error'],
    ['null', 'error'],
    ['dire', 'error'],
  ] as const)('priority %j is %s', async ([alert_priority, severity]) => {
    const body = withFields('datadog.triggered.json', { alert_priority, alert_type: 'error' });
    expect(await onlyAlert('datadog', body)).toMatchObject({ severity });
  });

  test.for([
    ['[P2] [Triggered on {host:web-1}] [PROD][payment-db] exhausted', '[PROD][payment-db] exhausted'],
    ['[Triggered on {host:ip-10-0-12-34.ap-northeast-1.compute.internal,env:prod}] Disk is full', 'Disk is full'],
    ['[P1] [Re-Triggered] [DEV] slow', '[DEV] slow'],
    ['[Triggered] 【本番】決済APIのエラー率が高い', '【本番】決済APIのエラー率が高い'],
  ] as const)('of %s is said %s', async ([alert_title, summary]) => {
    expect(await onlyAlert('datadog', withFields('datadog.triggered.json', { alert_title }))).toMatchObject({
      summary,
    });
  });

  test('that nothing is measured any more sounds otherwise than the trouble', async () => {
    const body = withFields('datadog.triggered.json', { alert_transition: 'No Data', alert_title: '[P1] CPU is high' });
    expect(await onlyAlert('datadog', body)).toMatchObject({ summary: 'No data: CPU is high' });
  });

  test('its key comes from the wider ones where there is no cycle', async () => {
    const body = withFields('datadog.triggered.json', { alert_cycle_key: '' });
    expect((await onlyAlert('datadog', body)).dedupKey).toBe('9bd4ac313a4d1e8fae2482df7b77628');
    const bare = withFields('datadog.triggered.json', { alert_cycle_key: '', aggreg_key: '$AGGREG_KEY' });
    expect((await onlyAlert('datadog', bare)).dedupKey).toBe('1234');
  });
});

describe('alerthub', () => {
  test.for([
    ['正常', 'resolve', 'error'],
    [' OK ', 'resolve', 'error'],
    ['障害', 'trigger', 'critical'],
    ['警戒', 'trigger', 'warning'],
    ['大変', 'trigger', 'error'],
    ['重度の障害', 'trigger', 'error'],
    ['緊急', 'trigger', 'critical'],
    ['復帰', 'resolve', 'error'],
    ['回復', 'resolve', 'error'],
    ['解消', 'resolve', 'error'],
    ['正常（復旧）', 'resolve', 'error'],
    ['障害復旧', 'resolve', 'error'],
    ['対応中', 'acknowledge', 'error'],
    ['正常（一部障害）', 'trigger', 'error'],
    ['復旧見込み', 'trigger', 'error'],
    ['未復旧', 'trigger', 'error'],
  ] as const)('status %s means %s, %s', async ([status, action, severity]) => {
    const body = withFields('alerthub.normal.json', { status });
    expect(await onlyAlert('alerthub', body)).toMatchObject({ action, severity });
  });
});

describe('cloudevents', () => {
  const binary = (headers: Readonly<Record<string, string>>, body?: unknown) =>
    received('cloudevents', {
      headers: { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/disks', 'ce-type': 'disk.full', ...headers },
      body,
    });

  test('in binary mode has its attributes in the headers, percent-encoded', async () => {
    expect(
      await binary({ 'ce-subject': '%E9%9A%9C%E5%AE%B3%20%22db%22', 'ce-region': '100%' }, { summary: 'full' }),
    ).toMatchObject({
      ok: true,
      alerts: [{ summary: 'full', labels: { subject: '障害 "db"', region: '100%', type: 'disk.full' } }],
    });
  });

  test('its data may say that it is over by a status', async () => {
    const body = withFields('cloudevents.structured.json', { type: 'com.example.alert', data: { status: 'OK' } });
    expect(await onlyAlert('cloudevents', body)).toMatchObject({ action: 'resolve' });
  });

  test.for([
    ['com.example.job.failed.v1', 'finished', 'trigger'],
    ['com.example.job.failed', '完了', 'trigger'],
    ['com.example.job.failed', 'resolved', 'resolve'],
    ['com.example.job.changed', 'finished', 'resolve'],
  ] as const)(
    'that something has ended does not end what the type calls failed: %s, %s',
    async ([type, status, action]) => {
      const body = withFields('cloudevents.structured.json', { type, data: { status } });
      expect(await onlyAlert('cloudevents', body)).toMatchObject({ action });
    },
  );

  test('in binary mode may have no data, or text', async () => {
    expect(await binary({})).toMatchObject({ alerts: [{ summary: 'disk.full' }] });
    expect(await binary({}, 'The disk is full')).toMatchObject({ alerts: [{ summary: 'The disk is full' }] });
  });

  test.for([
    ['com.example.disk.full', undefined, 'trigger'],
    ['com.example.disk.RESOLVED', undefined, 'resolve'],
    ['com.example.disk.recovered', undefined, 'resolve'],
    ['com.example.disk.acknowledged', undefined, 'acknowledge'],
    ['com.example.disk.recovered', 'trigger', 'trigger'],
    ['com.example.disk.full', 'resolve', 'resolve'],
    ['com.example.disk.constructor', undefined, 'trigger'],
    ['com.example.disk.resolved.v1', undefined, 'resolve'],
    ['com.example.disk.resolve', undefined, 'resolve'],
    ['Microsoft.AlertsManagement.AlertResolved', undefined, 'resolve'],
    ['com.example.alert', 'resolved', 'resolve'],
    ['com.example.alert', 'closed', 'resolve'],
    ['com.example.disk.resolved.v1', 'firing', 'trigger'],
  ] as const)('type %s with the action %s means %s', async ([type, action, expected]) => {
    const data = action === undefined ? {} : { action };
    const alert = await onlyAlert('cloudevents', withFields('cloudevents.structured.json', { type, data }));
    expect(alert.action).toBe(expected);
  });

  test.for([
    [{ specversion: undefined }, '/specversion'],
    [{ id: undefined }, '/id'],
    [{ source: 7 }, null],
    [{ type: [] }, '/type'],
  ] as const)('%j', async ([fields, pointer]) => {
    const result = await received('cloudevents', { body: withFields('cloudevents.structured.json', fields) });
    expect(result).toMatchObject(pointer === null ? { ok: true } : { ok: false, problem: { pointer } });
  });

  test('of a batch the event that does not fit is named, and those beside it are taken', async () => {
    const batch = bodyOf('cloudevents.batch.json') as readonly object[];
    const body = [...batch, { ...batch[0], specversion: '2.0' }];
    expect(await received('cloudevents', { body })).toMatchObject({
      ok: true,
      alerts: [{}, {}, {}],
      refused: [{ pointer: '/3/specversion' }],
    });
  });
});

describe('a body', () => {
  const parsed = (text: string) => parseBody(Buffer.from(text));

  test('is read as JSON whatever its type says, also behind a mark of the byte order', () => {
    expect(parsed('\uFEFF{"a":1}')).toEqual({ ok: true, body: { a: 1 } });
    expect(parsed('  ')).toEqual({ ok: true, body: undefined });
    expect(parsed('plain text')).toEqual({ ok: true, body: 'plain text' });
  });

  test('that is not valid is refused without being repeated', () => {
    expect(parsed('{"secret": hunter2}')).toEqual({
      ok: false,
      problem: { pointer: '', message: 'the body must be valid JSON' },
    });
    expect(parseBody(Buffer.from([0x7b, 0xff, 0x7d]))).toMatchObject({
      ok: false,
      problem: { message: 'the body must be UTF-8' },
    });
  });

  test('that nests without end is refused, however long it is', () => {
    expect(parsed('['.repeat(500_000))).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('nest') as string },
    });
    expect(parsed(`${'['.repeat(64)}${']'.repeat(64)}`)).toMatchObject({ ok: true });
    expect(parsed(`{"a":"${'\\"['.repeat(200_000)}"}`)).toMatchObject({ ok: true });
    expect(parsed(`{"a":"${'\\"['.repeat(200_000)}`)).toMatchObject({ ok: false });
  });
});
