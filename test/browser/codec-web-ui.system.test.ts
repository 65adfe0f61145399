import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { answers } from '../../src/emulator/emulator.js';
import { startCodecServer, TOKEN, type RunningCodecServer } from '../codec-server/rig.js';
import { keysText } from '../codec/keys-of.js';
import { callTo, eventually, type Lifetime } from '../rig/rig.js';
import { install } from '../security/installation.js';
import { useBrowser } from './browser.js';

const open = useBrowser();
const LIMIT_MS = 300_000;
/** The Web UI is large, and other tests run beside. */
const SHOWN = { timeout: 60_000 };
const NUMBER = '0300000001';
/** Made again with UPDATE_PICTURES=1. */
const PICTURE = fileURLToPath(new URL('../../docs/images/codec-web-ui.png', import.meta.url));

const POLICY = `
name: web-ui
contacts: { first: { name: 田中, phone: "${NUMBER}" } }
steps: { primary: { call: { contacts: [first], waitTime: 1, say: 1を押してください。 }, keys: { 1: acknowledge } } }
start: primary
budget: { calls: 9, within: 1d }
`;

const shown = (found: Locator): Locator => found.filter({ visible: true }).first();

/** As an operator does it once: the browser asks for the token, and keeps it. */
async function giveToken(page: Page, { url }: RunningCodecServer): Promise<void> {
  const tab = await page.context().newPage();
  await tab.goto(url.replace('//', `//anybody:${TOKEN}@`));
  await tab.getByText('This browser knows the token now').waitFor();
  await tab.close();
}

async function setCodecServer(page: Page, { url }: RunningCodecServer): Promise<void> {
  await shown(page.getByTestId('data-encoder-status')).click(SHOWN);
  await page.getByText('Use my browser setting').click();
  await page.locator('#data-encoder-endpoint-input').fill(url);
  await page.getByText('Include cross-origin credentials').click();
  await page.getByRole('button', { name: 'Apply' }).click();
}

async function sendUpdate(page: Page, name: string, input: object): Promise<void> {
  await shown(page.getByRole('button', { name: 'More Actions' })).click(SHOWN);
  await shown(page.getByTestId('update-button')).click(SHOWN);
  await shown(page.getByTestId('update-select-button')).click(SHOWN);
  await shown(page.getByRole('option', { name })).click();
  await shown(page.locator('.cm-content[contenteditable=true]')).fill(JSON.stringify(input));
  await shown(page.getByRole('button', { name: 'Submit' })).click();
}

test(
  "Temporal's Web UI shows what is encrypted, and encrypts what is typed, by the codec server",
  { timeout: LIMIT_MS },
  async (context) => {
    const here = await install(context, {
      keys: keysText('a'),
      ui: 'on',
      token: 'token',
      people: { [NUMBER]: answers(100, { key: '1', afterMs: 100 }) },
      policies: { 'web-ui.yaml': POLICY },
    });
    await here.startWorker();
    await (await here.pigeonflow.startCall('disk-full-2026-11-22', callTo(NUMBER))).wait();
    const incident = await here.temporal.workflow.start('incident', {
      workflowId: 'incident/disk-full',
      taskQueue: 'pigeonflow',
      args: [{ policy: 'web-ui', summary: 'disk full', dedupKey: 'disk' }],
    });
    const state = async () => (await incident.query<{ readonly state: string }>('status')).state;
    await eventually(async () => (await state()) === 'acknowledged', 'somebody owns the incident');
    const codec = await startCodecServer({ PIGEONFLOW_CODEC_ORIGINS: here.uiUrl ?? '' });
    const pageOf = (id: string) => `${here.uiUrl}/namespaces/default/workflows/${encodeURIComponent(id)}`;

    const { page, complaints } = await open(pageOf('disk-full-2026-11-22'));
    await shown(page.getByText('Result')).waitFor(SHOWN);
    expect(await page.locator('body').innerText()).not.toMatch(/田中|0300000001/);

    await giveToken(page, codec);
    await setCodecServer(page, codec);
    complaints.splice(0); // of the Web UI, about payloads that it could not read before
    await page.reload();
    await shown(page.getByText('"0300000001"')).waitFor(SHOWN);
    await shown(page.getByText('"answeredBy": "田中"')).waitFor(SHOWN);
    if (process.env['UPDATE_PICTURES'] === '1') await page.screenshot({ path: PICTURE });

    await page.goto(pageOf('incident/disk-full'));
    await sendUpdate(page, 'resolve', { by: '極秘花子' });
    expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: '田中' } });
    expect(JSON.stringify(await incident.result())).toContain('極秘花子');
    for (const content of Object.values(await here.exposed())) expect(content.includes('極秘花子')).toBe(false);
  },
);

/** A page of another origin than that of the Web UI. */
async function foreignPage({ onTestFinished }: Lifetime): Promise<string> {
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<link rel="icon" href="data:,"><title>foreign</title>'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a page of a foreign origin gets nothing from the codec server, in a browser that knows the token', async (context) => {
  const codec = await startCodecServer({ PIGEONFLOW_CODEC_ORIGINS: 'http://127.0.0.1:8233' });
  const { page, complaints } = await open(await foreignPage(context));
  await giveToken(page, codec);
  const ask = (type: string) =>
    page.evaluate(
      ({ url, headers }) =>
        fetch(`${url}/decode`, { method: 'POST', credentials: 'include', headers, body: '{"payloads":[]}' }).then(
          () => 'read',
          (error: unknown) => String(error),
        ),
      { url: codec.url, headers: { 'content-type': type } },
    );
  expect(await ask('application/json')).toBe('TypeError: Failed to fetch');
  expect(await ask('text/plain')).toBe('TypeError: Failed to fetch'); // the browser sends it without asking first
  const asked = codec.log().filter(({ path }) => path === '/decode');
  expect(asked.map(({ method, status }) => [method, status])).toEqual([
    ['OPTIONS', 403],
    ['POST', 403],
  ]);
  expect(complaints.splice(0).join('\n')).toContain('has been blocked by CORS policy');
});
