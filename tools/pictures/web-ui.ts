import type { Client } from '@temporalio/client';
import type { Browser, Locator, Page } from 'playwright-core';
import { INCIDENT, OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../../src/contract/names.js';

/** The incidents that somebody must look at: also those that nobody has taken, and in which nobody is called any more. */
export const OPEN_INCIDENTS = `WorkflowType = "${INCIDENT}" AND ExecutionStatus = "Running"`;

const COLUMNS = {
  remove: ['Run ID', 'Type', 'Start', 'End'],
  add: [STATE_ATTRIBUTE, OWNER_ATTRIBUTE, 'Start'],
} as const;

/** Of a workflow's page, by their place in its address. */
type Tab = 'timeline' | 'relationships' | 'user-metadata' | 'memo';

const PATIENCE_MS = 30_000;

/** What it is looked at with: at a desk, or at night from bed. */
const SCREENS = { desk: { width: 1280, height: 900 }, telephone: { width: 390, height: 844 } } as const;

/** Temporal's Web UI as an operator sets it up once: times in UTC, a narrow navigation, and our columns in the list. */
export class WebUi {
  private constructor(
    private readonly page: Page,
    private readonly temporal: Client,
    private readonly url: string,
  ) {}

  /** As somebody sees it who has set up nothing. */
  static async openAsItIs(
    browser: Browser,
    temporal: Client,
    url: string,
    screen: keyof typeof SCREENS,
  ): Promise<WebUi> {
    const context = await browser.newContext({ locale: 'en-US', viewport: SCREENS[screen] });
    context.setDefaultTimeout(PATIENCE_MS);
    return new WebUi(await context.newPage(), temporal, url);
  }

  static async open(browser: Browser, temporal: Client, url: string): Promise<WebUi> {
    const webUi = await WebUi.openAsItIs(browser, temporal, url, 'desk');
    const { page } = webUi;
    await page.goto(webUi.#address('workflows'));
    await page.getByTestId('timezones-menu-button').click();
    await page.getByRole('menuitem', { name: 'UTC', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByTitle('Collapse Navigation').click();
    return webUi;
  }

  /** The list of the workflows that a query finds. */
  async list(query: string): Promise<void> {
    await this.page.goto(`${this.#address('workflows')}?query=${encodeURIComponent(query)}`);
    await this.page.locator('[data-track-intent="configure-columns"]').click();
    for (const name of COLUMNS.remove) await this.#column(name, 'remove').click();
    for (const name of COLUMNS.add) await this.#column(name, 'add').click();
    await visible(this.page.getByRole('button', { name: 'Close' }))
      .last()
      .click();
  }

  async open(workflowId: string, tab: Tab): Promise<void> {
    const { runId } = await this.temporal.workflow.getHandle(workflowId).describe();
    await this.page.goto(this.#address('workflows', workflowId, runId, tab));
  }

  /** Brings the time line to the top of the window. */
  async scrollToTimeline(): Promise<void> {
    await this.page.getByRole('heading', { name: 'Timeline' }).evaluate((heading) => heading.scrollIntoView());
  }

  /** Opens the dialog in which an update is chosen. */
  async chooseUpdate(): Promise<void> {
    await this.page.getByRole('button', { name: 'More Actions' }).click();
    await visible(this.page.getByRole('menuitem', { name: 'Send an Update' })).click();
    await this.#dialog.getByTestId('update-select-button').click();
  }

  /** Sends one from the page that is open. */
  async sendUpdate(name: string, data: string): Promise<void> {
    await this.chooseUpdate();
    await visible(this.page.getByRole('option', { name })).first().click();
    await this.#dialog.getByRole('textbox').and(this.page.locator('[contenteditable]')).click();
    await this.page.keyboard.type(data);
    await this.#dialog.getByRole('button', { name: 'Submit' }).click();
  }

  get #dialog(): Locator {
    return this.page.locator('dialog[open]');
  }

  /** Which of these texts do not appear on the page. */
  async missing(texts: readonly (string | RegExp)[]): Promise<readonly (string | RegExp)[]> {
    let missing = texts;
    for (const end = Date.now() + PATIENCE_MS; missing.length > 0; await this.page.waitForTimeout(200)) {
      const shown = await Promise.all(missing.map((text) => this.#isShown(text)));
      missing = missing.filter((_, index) => shown[index] !== true);
      if (Date.now() > end) break;
    }
    return missing;
  }

  /** The Web UI keeps what is Markdown in frames of its own. */
  async #isShown(text: string | RegExp): Promise<boolean> {
    for (const frame of this.page.frames()) {
      // A frame may go while it is being looked at.
      const count = await visible(frame.getByText(text))
        .count()
        .catch(() => 0);
      if (count > 0) return true;
    }
    return false;
  }

  /**
   * What is on the page as soon as it shows this text.
   *
   * @param settlesMs until all of the page has moved to its place; a note that vanishes again is gone by then.
   */
  async picture(path: string, text: string, settlesMs = 1_500): Promise<void> {
    if ((await this.missing([text])).length > 0) throw new Error(`${this.page.url()} does not show "${text}"`);
    await this.page.waitForTimeout(settlesMs);
    await this.page.screenshot({ path });
  }

  #column(name: string, change: 'add' | 'remove'): Locator {
    return this.page.getByTestId(`orderable-list-item-${name}-${change}-button`);
  }

  #address(...parts: readonly string[]): string {
    return [this.url, 'namespaces', this.temporal.options.namespace, ...parts.map(encodeURIComponent)].join('/');
  }
}

/** The Web UI keeps a second copy of many things for narrow screens. */
const visible = (locator: Locator): Locator => locator.filter({ visible: true });
