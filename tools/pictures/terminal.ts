import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { projectRoot } from '../engine/project-root.js';

const run = promisify(execFile);
const COMMAND = join(projectRoot, 'dist/src/cli.js');

/** The command with what it prints, as a terminal shows it. */
export async function pictureOfCommands(
  browser: Browser,
  path: string,
  commands: readonly (readonly string[])[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const printed: string[] = [];
  for (const args of commands) {
    const { stdout } = await run(process.execPath, [COMMAND, ...args], { env: { ...process.env, ...environment } });
    printed.push(`$ pigeonflow ${args.join(' ')}\n${stdout}`);
  }
  const page = await browser.newPage({ viewport: { width: 1_100, height: 100 }, deviceScaleFactor: 1.5 });
  await page.setContent(
    '<style>body { margin: 0; background: #1b1f24 } pre { margin: 0; padding: 1em; white-space: pre-wrap; ' +
      'color: #e6edf3; font: 14px/1.5 "DejaVu Sans Mono", "Noto Sans Mono CJK JP", monospace }</style><pre></pre>',
  );
  await page.locator('pre').evaluate((pre, text) => (pre.textContent = text), printed.join('\n'));
  await page.screenshot({ path, fullPage: true });
  await page.close();
}
