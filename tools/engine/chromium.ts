import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { findOnPath, isExecutable, type Environment } from './find-on-path.js';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'chrome'];

const ON_MACOS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

const ADVICE =
  'The browser tests need Chromium. Install it (Debian: `apt-get install chromium fonts-noto-cjk`, elsewhere: ' +
  '`npx playwright-core install chromium`), or set PIGEONFLOW_CHROMIUM to the path of one.';

// It must reach nothing but this machine, and containers have neither a sandbox nor a graphics card.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

/**
 * Starts a Chromium without a window, see {@link findChromium}.
 *
 * @throws Error that says what to install
 */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), headless: true, args: FLAGS });
}

/**
 * A Chromium of this machine: the one that `PIGEONFLOW_CHROMIUM` names, else an installed one, else the one that
 * Playwright has downloaded before, else Debian's package, which is installed where this user may do so.
 *
 * @throws Error that says what to install
 */
async function findChromium(environment: Environment = process.env): Promise<string> {
  const given = environment['PIGEONFLOW_CHROMIUM'];
  if (given !== undefined && given !== '') {
    if (isExecutable(given)) return given;
    throw new Error(`PIGEONFLOW_CHROMIUM names ${given}, which cannot be run. ${ADVICE}`);
  }
  const found = installed(environment) ?? downloaded();
  if (found !== undefined) return found;
  const failure = await installOnDebian();
  const packaged = installed(environment);
  if (packaged !== undefined) return packaged;
  throw new Error(`${ADVICE} ${failure}`);
}

function installed(environment: Environment): string | undefined {
  const onPath = COMMANDS.map((command) => findOnPath(command, environment)).find((path) => path !== null);
  return onPath ?? (isExecutable(ON_MACOS) ? ON_MACOS : undefined);
}

function downloaded(): string | undefined {
  const path = chromium.executablePath();
  return isExecutable(path) ? path : undefined;
}

/** Returns why it did not work, or nothing. */
async function installOnDebian(): Promise<string> {
  if (!existsSync('/etc/debian_version')) return 'This is not Debian, so it was not installed automatically.';
  if (process.getuid?.() !== 0) return 'This user is not root, so it was not installed automatically.';
  const aptGet = (...args: readonly string[]) =>
    promisify(execFile)('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    await aptGet('update');
    await aptGet('install', '--yes', '--no-install-recommends', 'chromium', 'fonts-noto-cjk');
    return '';
  } catch (error) {
    return `apt-get failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
