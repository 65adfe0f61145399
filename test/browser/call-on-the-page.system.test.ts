import { expect, test } from 'vitest';
import { manual } from '../../src/emulator/emulator.js';
import { callTo, useRig } from '../rig/rig.js';
import { useBrowser } from './browser.js';

// In this order: the page is closed before the emulator, which it would miss.
const world = useRig();
const open = useBrowser();
const NUMBER = '0300000001';

test('who picks up on the page and presses 1 ends the workflow', async () => {
  const { emulator, pigeonflow, newId } = await world({ people: { [NUMBER]: manual() } });
  const { page } = await open(`${emulator.url}/`);
  const call = await pigeonflow.startCall(newId(), callTo(NUMBER));
  const telephone = page.locator('.telephone', { hasText: NUMBER });
  await telephone.getByRole('button', { name: 'Pick up' }).click();
  await telephone.locator('.sentence[data-state="reading"]').first().waitFor();
  await telephone.getByRole('button', { name: /^Key 1\b/ }).click();
  expect(await call.wait()).toMatchObject({ outcome: 'answered', keyInput: '1', answeredBy: '田中' });
  await page.locator('#runs summary .status', { hasText: 'succeeded' }).waitFor();
});
