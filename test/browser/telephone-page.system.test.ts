import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type EmulatorOptions, manual, neverPicksUp, realClock, startEmulator } from '../../src/emulator/emulator.js';
import { MESSAGE, order, rig, START, TANAKA, YAMADA } from '../emulator/rig.js';
import { useBrowser } from './browser.js';

const TANAKAS = '0300000001';
const YAMADAS = '0300000002';

const open = useBrowser();

/** An emulator at a manual clock with the telephones of Tanaka and Yamada, and its page. */
async function telephones(options: EmulatorOptions = {}, browser: Parameters<typeof open>[1] = {}) {
  const world = await rig({ people: { [TANAKAS]: manual(), [YAMADAS]: manual() }, ...options });
  const { page, complaints } = await open(`${world.emulator.url}/`, browser);
  await page.getByText(browser.locale === 'ja-JP' ? '接続中' : 'Connected', { exact: true }).waitFor();
  return { ...world, page, complaints, tanaka: page.locator('.telephone', { hasText: TANAKAS }) };
}

function stateOf(page: Page, phoneNumber: string, state: string) {
  return page.locator(`.telephone[data-state="${state}"]`, { hasText: phoneNumber });
}

describe('the telephones in a browser', () => {
  test('ring, are picked up, read along, take a key and end the run, all by keyboard', async () => {
    const { page, start, clock, result, emulator, tanaka } = await telephones();
    await page.getByText('No run yet').waitFor();
    const run = await start();
    clock.advance(1_000);
    await stateOf(page, TANAKAS, 'ringing').waitFor();
    await page.getByText('田中 is ringing', { exact: true }).waitFor();
    expect(await page.locator('#announce-now').textContent()).toContain('田中 is ringing');

    await page.keyboard.press('Enter');
    await stateOf(page, TANAKAS, 'talking').waitFor();
    expect(await tanaka.evaluate((card) => card === document.activeElement)).toBe(true);
    const reading = tanaka.locator('.sentence[data-state="reading"]');
    await reading.filter({ hasText: '障害です。' }).waitFor();
    clock.advance(2_000);
    await reading.filter({ hasText: '対応は1、次は2を押して下さい' }).waitFor();
    await tanaka.locator('.past', { hasText: /^対応は1、$/ }).waitFor();
    expect(await page.locator('#announce').textContent()).toBe(MESSAGE);

    await page.keyboard.press('7');
    await tanaka.getByText('Key 7 is not assigned').waitFor();
    await page.keyboard.press('1');
    await tanaka.getByText('Key 1 pressed: ends the run as a success').waitFor();
    await reading.filter({ hasText: 'お願いします。' }).waitFor();
    clock.advance(5_000);
    await stateOf(page, TANAKAS, 'idle').waitFor();
    await tanaka.getByText('Last call: succeeded, key 1').waitFor();
    await page.locator('#runs summary', { hasText: '田中, key 1' }).waitFor();
    expect(await page.locator('#runs tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^1\s+田中\s+0300000001\s+succeeded\s+1\s/),
    ]);
    expect(await result(run)).toMatchObject({ status: 'succeeded', keyInput: '1' });
    expect(emulator.unexpectedCalls).toEqual([]);
  });

  test('are operated with the mouse as well, and hung up', async () => {
    const { page, start, clock, statuses, tanaka } = await telephones();
    const run = await start();
    clock.advance(1_000);
    await tanaka.getByRole('button', { name: 'Pick up' }).click();
    await tanaka.getByRole('button', { name: 'Key 9', exact: true }).click();
    await tanaka.getByText('Key 9 is not assigned').waitFor();
    await tanaka.getByRole('button', { name: 'Hang up' }).click();
    await tanaka.getByText('Last call: ignored').waitFor();
    await page.locator('#runs summary .status', { hasText: 'failed' }).waitFor();
    expect(await statuses(run)).toEqual(['ignored']);
  });

  test('are declined and hung up with Escape', async () => {
    const { page, start, clock, statuses } = await telephones();
    const run = await start(order({ callflow: { loopLimit: 1, contacts: [TANAKA, YAMADA] } }));
    clock.advance(1_000);
    await stateOf(page, TANAKAS, 'ringing').waitFor();
    await page.keyboard.press('Escape');
    await stateOf(page, TANAKAS, 'idle').waitFor();
    clock.advance(1_000);
    await stateOf(page, YAMADAS, 'ringing').waitFor();
    await page.keyboard.press('Enter');
    await stateOf(page, YAMADAS, 'talking').waitFor();
    await page.keyboard.press('Escape');
    await stateOf(page, YAMADAS, 'idle').waitFor();
    expect(await statuses(run)).toEqual(['failed', 'ignored']);
  });

  test('take the key of the keyboard at the focused one where several are in use', async () => {
    const { page, start, clock, result } = await telephones({ lines: 2 });
    const [one, other] = [await start(), await start(order({ callflow: { loopLimit: 1, contacts: [YAMADA] } }))];
    clock.advance(1_000);
    await stateOf(page, YAMADAS, 'ringing').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#happening', { hasText: 'Several telephones are in use' }).waitFor();
    await stateOf(page, YAMADAS, 'ringing').getByRole('button', { name: 'Pick up' }).focus();
    await page.keyboard.press('Enter');
    await stateOf(page, YAMADAS, 'talking').waitFor();
    await page.keyboard.press('1');
    await stateOf(page, YAMADAS, 'talking').getByText('Key 1 pressed').waitFor();
    clock.advance(3_000);
    expect(await result(other)).toMatchObject({ status: 'succeeded' });
    expect(await result(one)).toMatchObject({ status: 'started' });
  });

  test('leave the keyboard alone where somebody has switched its shortcuts off', async () => {
    const { page, start, clock, statuses } = await telephones();
    const run = await start();
    clock.advance(1_000);
    await stateOf(page, TANAKAS, 'ringing').waitFor();
    await page.getByRole('button', { name: 'Shortcuts' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Shortcuts' }).click();
    await page.getByRole('button', { name: 'Go to telephone' }).click();
    await page.keyboard.press('Enter');
    await stateOf(page, TANAKAS, 'talking').waitFor();
    expect(await statuses(run)).toEqual(['calling']);
  });

  test('read along at the speed of the space', async () => {
    const clock = realClock({ speed: 8, startAt: START });
    const emulator = await startEmulator({ clock, people: { [TANAKAS]: manual() } });
    onTestFinished(() => emulator.close());
    const { page } = await open(`${emulator.url}/`);
    emulator.space.invoke({ params: order({ guidance: { ...guidanceOf('あ'.repeat(400)) } }) });
    await stateOf(page, TANAKAS, 'ringing').waitFor();
    await page.keyboard.press('Enter');
    const past = page.locator('.transcript li:first-child .past');
    await expect.poll(() => past.textContent().then((text) => text?.length ?? 0)).toBeGreaterThan(20);
    const [heard, from] = await Promise.all([
      past.textContent().then((text) => text?.length ?? 0),
      Promise.resolve(emulator.space.calls()[0]?.transcript[0]?.from ?? 0),
    ]);
    const said = (((await clock.now()) - from) / 1_000) * 5;
    expect(Math.abs(said - heard)).toBeLessThan(40);
  });

  test('show what is being read when the page is opened in the middle of a call', async () => {
    const world = await rig({ people: { [TANAKAS]: manual() } });
    await world.start(order({ guidance: guidanceOf(`${'長い文です。'.repeat(20)}最後です。`) }));
    world.clock.advance(1_000);
    world.emulator.space.pickUp(world.ringing());
    world.clock.advance(27_000);
    const { page } = await open(`${world.emulator.url}/`, { viewport: { width: 360, height: 740 } });
    const last = page.locator('.transcript li:first-child .sentence').last();
    await page.locator('.transcript li').nth(1).waitFor();
    expect(await page.locator('.transcript').evaluate((list) => list.scrollTop)).toBeGreaterThan(100);
    expect(await last.getAttribute('data-state')).toBe('heard');
  });

  test('speak Japanese and English, and remember which', async () => {
    const { page, complaints } = await telephones({}, { locale: 'ja-JP' });
    await page.getByRole('heading', { name: 'Pigeon エミュレーター' }).waitFor();
    await page.getByText('実際の電話は鳴りません').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('Nobody is called', { exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.reload();
    await page.getByText('Nobody is called', { exact: true }).waitFor();
    await page.getByRole('button', { name: '日本語' }).click();
    await page.getByText('実際の電話は鳴りません').waitFor();
    // Reloading cuts the old page's stream off.
    complaints.splice(0, complaints.length);
  });

  test('show names and texts from outside as text', async () => {
    const { page, start, clock, tanaka } = await telephones();
    const displayName = '<img src=x onerror=document.title=1><b>田中</b>';
    await start(
      order({
        callflow: { loopLimit: 1, contacts: [{ ...TANAKA, displayName }] },
        guidance: guidanceOf('<script>1</script>を押して'),
      }),
    );
    clock.advance(1_000);
    await tanaka.getByRole('heading', { name: displayName }).waitFor();
    await page.keyboard.press('Enter');
    await tanaka.locator('.transcript', { hasText: '<script>1</script>を押して' }).waitFor();
    expect(await page.locator('main :is(img, b, script)').count()).toBe(0);
  });

  test('say so when the emulator is away, and come back with it', async () => {
    const first = await startEmulator();
    const { page, complaints } = await open(`${first.url}/`);
    await page.getByText('Connected', { exact: true }).waitFor();
    await first.close();
    await page.getByText('Disconnected. Trying again…').waitFor();
    const port = Number(new URL(first.url).port);
    const second = await startEmulator({ port, people: { [TANAKAS]: neverPicksUp() } });
    onTestFinished(() => second.close());
    await page.getByText('Connected', { exact: true }).waitFor();
    await stateOf(page, TANAKAS, 'idle').waitFor();
    expect(complaints.splice(0, complaints.length).join('\n')).toContain('net::ERR_');
  });
});

function guidanceOf(messageTemplate: string) {
  return { messageTemplate, reactions: { '1': { behavior: 'terminate' } } };
}
