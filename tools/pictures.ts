/**
 * `npm run pictures`: incidents in their states, as an operator sees them in Temporal's Web UI, for the documentation
 * (docs/images/incident-*.png), and what the command prints of them in Japanese.
 */
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Browser } from 'playwright-core';
import { createPigeonflowClient, type IncidentHandle } from '../src/client.js';
import { launchChromium } from './engine/chromium.js';
import { projectRoot } from './engine/project-root.js';
import { openAll, type SceneName } from './pictures/scenes.js';
import { pictureOfCommands } from './pictures/terminal.js';
import { OPEN_INCIDENTS, WebUi } from './pictures/web-ui.js';
import { startStack } from './stack.js';

/** A picture of each, and what it must show. */
const STATES = [
  ['waiting', 'Waiting'],
  ['blocked', 'BLOCKED'],
  ['snoozed', 'SNOOZED'],
  ['acknowledged', 'ACKNOWLEDGED'],
  ['running', 'is running'],
  ['resolved', 'RESOLVED'],
  ['exhausted', 'EXHAUSTED'],
  ['cancelled', 'CANCELLED'],
] as const satisfies readonly (readonly [SceneName, string])[];

/** And of a worker that speaks Japanese. */
const IN_JAPANESE = [
  ['ringing', '呼び出し中'],
  ['exhausted', '応答なしで終了'],
] as const satisfies readonly (readonly [SceneName, string])[];

const JAPANESE = { PIGEONFLOW_LANGUAGE: 'ja', PIGEONFLOW_TIME_ZONE: 'Asia/Tokyo' };

await withScenes({}, takePictures);
await withScenes(JAPANESE, async ({ scenes, webUi, browser, address }) => {
  for (const [name, text] of IN_JAPANESE) {
    await webUi.open(scenes[name].incidentId, 'user-metadata');
    await webUi.picture(join(projectRoot, `docs/images/incident-${name}-ja.png`), text);
  }
  const commands = [
    ['incident', 'list'],
    ['incident', 'show', scenes.ringing.incidentId],
  ];
  const environment = { ...JAPANESE, TEMPORAL_ADDRESS: address };
  await pictureOfCommands(browser, join(projectRoot, 'docs/images/command-ja.png'), commands, environment);
});

interface Stage {
  readonly scenes: Awaited<ReturnType<typeof openAll>>;
  readonly webUi: WebUi;
  readonly telephone: () => Promise<WebUi>;
  readonly browser: Browser;
  /** Of Temporal. */
  readonly address: string;
}

/** Everything that is needed for pictures, and a worker with these variables besides. */
async function withScenes(
  environment: Readonly<Record<string, string>>,
  take: (stage: Stage) => Promise<void>,
): Promise<void> {
  const stack = await startStack({ webUi: 'on', emulator: { lines: 30, switches: { ringSeconds: 3_000 } } });
  process.once('SIGINT', () => void stack.stop().then(() => process.exit(130)));
  const { temporal, emulator } = stack;
  const { uiUrl } = temporal;
  try {
    if (uiUrl === null) throw new Error('PIGEONFLOW_DEV_SERVER names a server that runs already: unset it');
    await stack.startWorker(environment);
    const connection = await Connection.connect({ address: temporal.address });
    const client = new Client({ connection, namespace: temporal.namespace });
    const scenes = await openAll({ pigeonflow: createPigeonflowClient(client), emulator });
    const browser = await launchChromium();
    try {
      const telephone = () => WebUi.openAsItIs(browser, client, uiUrl, 'telephone');
      const webUi = await WebUi.open(browser, client, uiUrl);
      await take({ scenes, webUi, telephone, browser, address: temporal.address });
    } finally {
      await browser.close();
      await connection.close();
    }
  } finally {
    await stack.stop();
  }
}

async function takePictures({ scenes, webUi, telephone }: Stage): Promise<void> {
  const picture = (name: string, text: string): Promise<void> =>
    webUi.picture(join(projectRoot, `docs/images/incident-${name}.png`), text);

  await webUi.list(OPEN_INCIDENTS);
  await picture('list', scenes.threeLevels.incidentId);
  await webUi.open(scenes.ringing.incidentId, 'user-metadata');
  await picture('ringing', 'is being called since');
  await webUi.chooseUpdate();
  await picture('update', 'Take it');
  await webUi.open(scenes.threeLevels.incidentId, 'relationships');
  await picture('tree', '/3-database');
  await webUi.open(scenes.threeLevels.incidentId, 'timeline');
  await webUi.scrollToTimeline();
  await picture('timeline', 'Level 3');
  for (const [name, text] of STATES) {
    await webUi.open(scenes[name].incidentId, 'user-metadata');
    await picture(name, text);
  }
  await takeAnswers(await telephone(), scenes.waiting, '-telephone');
  await takeAnswers(webUi, scenes.refused, '-desk');
}

/** An acknowledge that is accepted, and one of somebody else, which is refused. */
async function takeAnswers(webUi: WebUi, incident: IncidentHandle, screen: string): Promise<void> {
  for (const [name, data, text] of [
    ['accepted', '{"by": "sato"}', 'Update successful'],
    ['refused', '{"by": "yamada"}', 'sato has owned the incident'],
  ] as const) {
    await webUi.open(incident.incidentId, 'user-metadata');
    await webUi.sendUpdate('acknowledge', data);
    await webUi.picture(join(projectRoot, `docs/images/incident-${name}${screen}.png`), text, 300);
  }
}
