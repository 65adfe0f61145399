import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { IncidentHandle } from '../../src/client.js';
import { launchChromium } from '../../tools/engine/chromium.js';
import { openScene } from '../../tools/pictures/scenes.js';
import { WebUi } from '../../tools/pictures/web-ui.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';

const webUiUrl = inject('webUiUrl');

/** Long enough for the installation of a browser. */
const PREPARE_MS = 600_000;
/** A page of many requests, on a machine that has other tests to run. */
const PATIENTLY = { timeout: 300_000 };

/**
 * Each text that is missing would leave somebody at night without an answer. It is the incident of the picture: 山田 and 佐藤
 * ring at its second level.
 */
describe.skipIf(webUiUrl === null)("Temporal's Web UI shows of an incident that rings", PATIENTLY, () => {
  let browser: Browser;
  let webUi: WebUi;
  let incident: IncidentHandle;
  const world = useSharedWorld(
    useRig(),
    { lines: 30, switches: { ringSeconds: 3_000 } },
    async ({ pigeonflow, emulator }) => void (incident = await openScene({ pigeonflow, emulator }, 'ringing')),
  );

  beforeAll(async () => {
    browser = await launchChromium();
    webUi = await WebUi.open(browser, world().temporal, webUiUrl ?? '');
  }, PREPARE_MS);
  afterAll(async () => {
    await browser.close();
    await incident.cancel();
    await incident.result();
  });

  test('its state, its owner, who is ringing, what comes next, the level, and how to take it', async () => {
    await webUi.open(incident.incidentId, 'user-metadata');
    const answers = [
      'TRIGGERED (critical): api-01: エラー率30%',
      /^Owner$/,
      /^nobody$/,
      'Calling: level 2 “engineers”, attempt 1 of 1.',
      /^Ringing$/,
      '山田 is being called since 2',
      '佐藤 is being called since 2',
      'when these calls have ended and nobody took it, “database” is called (DB担当)',
      /^To take it$/,
      'More Actions',
      'Send an Update',
      '{"by": "sato"}',
      '2 “engineers” (山田, 佐藤)',
    ];
    expect(await webUi.missing(answers)).toEqual([]);
  });

  test('why the call before it reached nobody', async () => {
    await webUi.open(incident.incidentId, 'user-metadata');
    expect(await webUi.missing(['nobody pressed a key that decides (田中 picked up, but pressed no key)'])).toEqual([]);
  });

  test('the tree of its levels', async () => {
    await webUi.open(incident.incidentId, 'relationships');
    expect(await webUi.missing(['escalation', '/2-engineers'])).toEqual([]);
  });

  test('in its time line, whom each step called', async () => {
    await webUi.open(incident.incidentId, 'timeline');
    expect(await webUi.missing(['Level 2: engineers (山田, 佐藤)', 'POST chain/invoke (田中)'])).toEqual([]);
  });

  test('what can be done, and with which data', async () => {
    await webUi.open(incident.incidentId, 'user-metadata');
    await webUi.chooseUpdate();
    const updates = [
      'Take it: all telephones are hung up. {"by": "sato"}',
      'It is over: nobody is called any more.',
      'Call others now.',
      'Call nobody for a while',
      'Hang up, but take nothing',
    ];
    expect(await webUi.missing(updates)).toEqual([]);
  });

  test('in the list of workflows, its state and the column of owners', async () => {
    await webUi.list(`WorkflowId = "${incident.incidentId}"`);
    expect(await webUi.missing([incident.incidentId, 'PigeonflowState', 'triggered', 'PigeonflowOwner'])).toEqual([]);
  });

  test('on the page of a level, who is ringing, and where to take it', async () => {
    const { runId } = await world().temporal.workflow.getHandle(incident.incidentId).describe();
    await webUi.open(`${incident.incidentId}/${runId.slice(0, 8)}/2-engineers`, 'user-metadata');
    const elsewhere = `Of the incident ${incident.incidentId}: acknowledge, resolve or escalate there.`;
    expect(
      await webUi.missing(['Level 2 “engineers” (山田, 佐藤).', '山田 is being called since 2', elsewhere]),
    ).toEqual([]);
  });

  test('on a telephone too, an acknowledge that is refused otherwise than one that is accepted', async () => {
    const telephone = await WebUi.openAsItIs(browser, world().temporal, webUiUrl ?? '', 'telephone');
    await telephone.open(incident.incidentId, 'user-metadata');
    await telephone.sendUpdate('acknowledge', '{"by": "sato"}');
    expect(await telephone.missing(['Update successful'])).toEqual([]);
    await telephone.open(incident.incidentId, 'user-metadata');
    await telephone.sendUpdate('acknowledge', '{"by": "yamada"}');
    expect(await telephone.missing([/^sato has owned the incident for .* takeOver/])).toEqual([]);
  });
});
