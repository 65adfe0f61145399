import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { manual } from '../../src/emulator/emulator.js';
import { order, rig, TANAKA, YAMADA } from '../emulator/rig.js';
import { useBrowser } from './browser.js';

const LONG_NAME = 'とても長い名前の監視オペレーションセンター夜間担当グループのリーダー田中太郎';

const open = useBrowser();

/** A page with an ended run, a telephone that rings, and one in a call. */
async function busyPage(browser: Parameters<typeof open>[1]) {
  const people = { '0300000001': manual(), '0300000002': manual(), '0300000009': manual() };
  const { emulator, start, clock, ringing } = await rig({ people, lines: 2 });
  await start();
  clock.advance(60_000);
  await start(order({ callflow: { loopLimit: 1, contacts: [YAMADA] } }));
  clock.advance(1_000);
  emulator.space.pickUp(ringing());
  await start(order({ callflow: { loopLimit: 1, contacts: [{ ...TANAKA, displayName: LONG_NAME }] } }));
  clock.advance(2_000);
  const { page } = await open(`${emulator.url}/`, browser);
  await page.locator('.telephone[data-state="ringing"]').waitFor();
  await page.locator('.telephone[data-state="talking"]').waitFor();
  return page;
}

describe('the page', () => {
  test.each([
    ['en-US', 360],
    ['ja-JP', 360],
    ['ja-JP', 320],
    ['ja-JP', 768],
    ['en-US', 1280],
  ])('in %s needs no horizontal scroll at a width of %i', async (locale, width) => {
    const page = await busyPage({ locale, viewport: { width, height: 740 } });
    for (const summary of await page.locator('#runs details:not([open]) summary').all()) await summary.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await cutOff(page)).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('has enough contrast where it is %s', async (colorScheme) => {
    const page = await busyPage({ colorScheme, reducedMotion: 'reduce' });
    const { weak, checked } = await contrasts(page);
    expect(weak).toEqual([]);
    expect(checked).toBeGreaterThan(50);
  });

  test('gives a name to everything that can be operated, and one main heading', async () => {
    const page = await busyPage({});
    const snapshot = await page.locator('body').ariaSnapshot();
    expect(snapshot).not.toMatch(/^\s*- (button|link|textbox|checkbox|img)(:|$| \[)/m);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('[id]').evaluateAll((all) => all.length - new Set(all.map(({ id }) => id)).size)).toBe(0);
    expect(await page.locator('[aria-live=assertive], [aria-live=polite]').count()).toBe(2);
    expect(await page.locator('.telephone').evaluateAll((all) => all.filter((card) => !card.ariaLabel).length)).toBe(0);
  });

  test('shows by keyboard where one is, from the first control to the last', async () => {
    const page = await busyPage({});
    const visited: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const at = document.activeElement ?? document.body;
        const { outlineStyle, outlineWidth } = getComputedStyle(at);
        return {
          name: at === document.body ? '' : at.className || at.id || at.tagName,
          outline: outlineStyle + outlineWidth,
        };
      });
      if (focused.name === '') break;
      visited.push(focused.name);
      expect(focused.outline).toBe('solid3px');
    }
    expect(visited[0]).toBe('skip');
    expect(visited).toEqual(expect.arrayContaining(['pick-up', 'hang-up', 'transcript', 'SUMMARY']));
  });

  test('keeps still for those who want little motion', async () => {
    const page = await busyPage({ reducedMotion: 'reduce' });
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  test('rings visibly, and without a sound until somebody wants one', async () => {
    const page = await busyPage({});
    expect(await page.evaluate(() => document.getAnimations().length)).toBeGreaterThan(0);
    for (const name of ['Sound', 'Read aloud']) {
      expect(await page.getByRole('button', { name }).getAttribute('aria-pressed')).toBe('false');
    }
    await page.getByRole('button', { name: 'Sound' }).click();
    await page.keyboard.press('1');
    await page.getByRole('button', { name: 'Sound' }).click();
    expect(await page.getByRole('button', { name: 'Sound' }).getAttribute('aria-pressed')).toBe('false');
  });
});

/** Texts that do not fit into their box. */
function cutOff(page: Page): Promise<readonly string[]> {
  return page
    .locator('button, .status, .name, .number, td, th')
    .evaluateAll((all) =>
      all
        .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
        .map(({ textContent }) => textContent ?? ''),
    );
}

/** Texts with a contrast of less than 4.5 (WCAG 1.4.3), those of disabled buttons aside. */
function contrasts(page: Page): Promise<{ readonly weak: readonly string[]; readonly checked: number }> {
  return page.evaluate(() => {
    const numbers = (color: string): readonly number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string): number => {
      const [red = 0, green = 0, blue = 0] = numbers(color).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element: Element): string => {
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if ((numbers(color)[3] ?? 1) === 1) return color;
      }
      return 'rgb(255, 255, 255)';
    };
    const weak: string[] = [];
    let checked = 0;
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const own = [...element.childNodes].some(
        ({ nodeType, data }: Node & { data?: string }) => nodeType === 3 && data?.trim(),
      );
      if (!own || !element.checkVisibility() || element.matches(':disabled *, template *, noscript *')) continue;
      checked += 1;
      const [text, ground] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
      const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
      if (contrast < 4.5) weak.push(`${contrast.toFixed(2)} ${element.className}: ${element.textContent}`);
    }
    return { weak, checked };
  });
}
