import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from '../../tools/engine/chromium.js';

/** Long enough for the installation of a package. */
const FIND_MS = 600_000;

export interface BrowserPage {
  readonly page: Page;
  /** What the browser complained about since the page was opened. */
  readonly complaints: string[];
}

/** Starts one Chromium for a test file and returns the way to a page, each in a profile of its own. */
export function useBrowser() {
  let browser: Browser;
  const opened: BrowserPage[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  }, FIND_MS);
  afterEach(async () => {
    const pages = opened.splice(0);
    for (const { page } of pages) await page.context().close();
    expect(pages.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
  afterAll(() => browser.close());

  return async function open(url: string, options: BrowserContextOptions = {}): Promise<BrowserPage> {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 860 }, ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    opened.push({ page, complaints });
    await page.goto(url);
    return { page, complaints };
  };
}
