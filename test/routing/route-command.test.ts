import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { routeCommand } from '../../src/cli/route.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { useCommand } from '../rig/command-in-process.js';

const command = useCommand(routeCommand);
const { written, run: routeCli } = command;

const sample = (name: string) => join(projectRoot, 'test/alerts/samples', name);
const policies = join(projectRoot, 'policies');

const RIGHT = `
timeZone: Asia/Tokyo
parameters:
  server: ["{{labels.instance}}", "{{labels.host}}", "{{labels.alarm}}"]
  incident: "{{summary}}"
rules:
  - name: patch-day
    when: { labels: { team: db }, time: { from: 2026-12-01T22:00:00+09:00, to: 2026-12-02T02:00:00+09:00 } }
    ignore: true
  - name: database
    when: { labels: { team: db } }
    policy: by-subject
    group: { by: "{{labels.team}}" }
  - name: night
    when: { time: { from: "22:00", to: "06:00" }, severity: [critical, error] }
    policy: two-levels
`;

describe('route check', () => {
  test('warns of alerts that no rule takes, and ends with 0', async () => {
    const file = written('routes.yaml', RIGHT);
    const { output, code } = await routeCli('check', file, '--policies', policies);
    expect(code).toBe(0);
    expect(output).toContain(`${file}:6:1: warning: an alert that meets no rule calls nobody`);
    expect(output).toMatch(/: 1 warning$/);
  });

  test('finds a policy that is not there, and one that is not given its parameters, only in a folder of policies', async () => {
    const file = written(
      'routes.yaml',
      'rules:\n  - { name: a, when: { source: sns }, policy: two-level }\n  - { name: b, policy: two-levels }',
    );
    expect((await routeCli('check', file)).code).toBe(0);
    const { output, code } = await routeCli('check', file, '--policies', policies);
    expect(code).toBe(2);
    expect(output).toContain('there is no policy "two-level"; did you mean "two-levels"?');
    expect(output).toContain('the policy "two-levels" wants "server", which this rule does not give');
  });

  test('a policy with errors, or under another name than its file, is told', async () => {
    written('broken.yaml', 'name: broken');
    written('renamed.yaml', 'name: other');
    const file = written(
      'routes.yml',
      'rules:\n  - { name: a, when: { source: sns }, policy: broken }\n  - { name: b, policy: renamed }',
    );
    const { output, code } = await routeCli('check', file, '--policies', command.folder);
    expect(code).toBe(2);
    expect(output.match(/has errors; see them with/g)).toHaveLength(2);
  });

  test('a folder of policies that is not there is a mistake of usage', async () => {
    const file = written('routes.yaml', RIGHT);
    const { complaint, code } = await routeCli('check', file, '--policies', join(command.folder, 'none'));
    expect(code).toBe(2);
    expect(complaint).toMatch(/^--policies .*none: the folder cannot be read: there is no such file$/);
  });

  test('--json has the same for programs', async () => {
    const file = written('routes.yaml', RIGHT);
    const missing = join(command.folder, 'none.yaml');
    const { output, code } = await routeCli('check', file, missing, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(output)).toMatchObject({
      errors: 1,
      warnings: 1,
      files: [
        { file, ok: true, rules: ['patch-day', 'database', 'night'], problems: [{ code: 'no-catch-all', line: 6 }] },
        { file: missing, ok: false, problems: [{ code: 'no-file', message: 'there is no such file' }] },
      ],
    });
  });
});

describe('route test', () => {
  const tried = (payload: string, source: string, ...more: readonly string[]) =>
    routeCli('test', written('routes.yaml', RIGHT), sample(payload), '--source', source, ...more);

  test('says which rule takes an alert, why the earlier ones do not, and what is said on the telephone', async () => {
    const { output, code } = await tried(
      'sns.cloudwatch-alarm.json',
      'sns',
      '--at',
      '2026-11-23T23:00:00+09:00',
      '--integration',
      'aws',
      '--policies',
      policies,
    );
    expect(code).toBe(0);
    expect(output.replace(/[0-9a-f]{12}\n/, '<hash>\n')).toBe(`trigger: web-1 の CPU が高負荷です (error, from sns)
  rule         patch-day  no     it has no label "team"
  rule         database   no     it has no label "team"
  rule         night      takes  all its conditions are met
  incident     incident/aws-<hash>
  dedup key    arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:web-1 CPU
  policy       two-levels
  parameter    server: web-1 CPU
  parameter    incident: web-1 の CPU が高負荷です
  says first   田中, 山田 (2 loops): 「web-1 CPUにweb-1 の CPU が高負荷ですを検出しました。対応は1、担当違いは2、責任者への連絡は3を押してください。」`);
  });

  test('says loudly when nobody would be called', async () => {
    const { output, code } = await tried('sns.cloudwatch-alarm.json', 'sns', '--at', '2026-11-23T12:00:00+09:00');
    expect(code).toBe(0);
    expect(output).toContain(
      'rule         night      no     it is mon 12:00 in Asia/Tokyo, not within 22:00–06:00 Asia/Tokyo',
    );
    expect(output).toContain('no rule takes it: NOBODY IS CALLED');
  });

  test('says what is ignored, by a rule and by the source', async () => {
    const { output } = await tried('alertmanager.firing.json', 'alertmanager', '--at', '2026-12-01T23:00:00+09:00');
    expect(output).toContain('patch-day  takes');
    expect(output).toContain('ignored: nobody is called');
    expect((await tried('mackerel.test-button.json', 'mackerel')).output).toBe(
      'ignored: this event of Mackerel is no alert',
    );
  });

  test('says which incidents the end of an alert resolves', async () => {
    const { output } = await tried('pagerduty.resolve.json', 'pagerduty');
    expect(output).toMatch(/rule +patch-day +may +it comes without the labels of its trigger; it ignores the alert/);
    expect(output).toMatch(/rule +database +may +.*its incidents are resolved by people only/);
    expect(output).toMatch(/resolves +incident\/test-[0-9a-f]{12}, if it is open/);
  });

  test('--json has the same for programs', async () => {
    const { output } = await tried('alertmanager.firing.json', 'alertmanager', '--policies', policies, '--json');
    expect(JSON.parse(output)).toMatchObject({
      alerts: [
        {
          alert: { action: 'trigger', severity: 'critical' },
          decision: { kind: 'open', rule: 'database', input: { policy: 'by-subject', dedupKey: '["database","db"]' } },
          saidFirst: [{ who: '田中', text: expect.stringContaining('The disk of db-1 is full') as string }],
        },
      ],
      ignored: [],
    });
  });

  test.for([
    [
      'alertmanager.broken.json',
      'alertmanager',
      /alertmanager\.broken\.json: \/groupKey: must be the key of the group, as Alertmanager sends it$/,
    ],
    [
      'alertmanager.firing.json',
      'prometheus',
      /there is no source "prometheus"; the sources are alerthub, alertmanager/,
    ],
    ['none.json', 'generic', /none\.json: there is no such file$/],
  ] as const)('%s from %s is refused with what to correct', async ([payload, source, says]) => {
    const { output, complaint, code } = await tried(payload, source);
    expect({ output, code }).toEqual({ output: '', code: 2 });
    expect(complaint).toMatch(says);
  });

  test('a routing file with errors tries nothing', async () => {
    const file = written('routes.yaml', 'rules: [{ name: a }]');
    const { output, complaint, code } = await routeCli(
      'test',
      file,
      sample('generic.trigger.json'),
      '--source',
      'generic',
    );
    expect({ output, code }).toEqual({ output: '', code: 2 });
    expect(complaint).toContain('a rule needs `policy`');
  });
});
