import { type BasicAuth, RateLimit } from './access.js';
import { type Clock, realClock } from './clock.js';
import type { Faults } from './faults.js';
import { HttpServer } from './http-server.js';
import { Journal } from './journal.js';
import { Pacemaker } from './pacemaker.js';
import { Page } from './page/page.js';
import { Space, type SpaceOptions, type UnexpectedCall } from './space.js';
import { type Token, Tokens } from './tokens.js';
import { postWebhooks, type WebhookUrls } from './webhooks.js';

export { type Clock, clockFrom, type ManualClock, manualClock, realClock } from './clock.js';
export type { Fault } from './faults.js';
export type { JournalEntry, RequestEntry } from './journal.js';
export type { PersonScript } from './people.js';
export { answeringMachine, answers, busy, hangsUp, manual, neverPicksUp, type Person } from './person.js';
export { parsePersonScript, PersonScriptError } from './person-script-text.js';
export type { Switches, SwitchSettings } from './switches.js';

/** Token of an emulator to which none is given. */
export const EMULATOR_TOKEN = 'emulator-token';

export interface EmulatorOptions extends Omit<SpaceOptions, 'startAt'> {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: a port that is free. */
  readonly port?: number;
  /** Default: the time of this machine, at its own speed. */
  readonly clock?: Clock;
  /** Default: `EMULATOR_TOKEN`. */
  readonly tokens?: readonly (string | Token)[];
  /** HTTP Basic auth in front. Default: none. */
  readonly basicAuth?: BasicAuth;
  /** Default: webhooks are written into the journal only. */
  readonly webhooks?: WebhookUrls;
}

/** A Pigeon space that answers HTTP. */
export interface Emulator {
  /** `http://127.0.0.1:12345`, without a slash at the end. In a browser it shows the telephones. */
  readonly url: string;
  readonly space: Space;
  readonly tokens: Tokens;
  readonly journal: Journal;
  readonly faults: Faults;
  /** Empty at the end of every good test. */
  readonly unexpectedCalls: readonly UnexpectedCall[];
  /** Brings the space to the time of its clock. Needed before `pickUp`, `press` and `hangUp` where the clock moves automatically. */
  catchUp(): Promise<void>;
  /** Ends every connection at once, also those that hang, and forgets everything. */
  close(): Promise<void>;
}

/** Starts an emulator. Rejects where the port is taken, or the clock cannot be read. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { clock = realClock(), host = '127.0.0.1', port = 0, tokens: given = [EMULATOR_TOKEN] } = options;
  const space = new Space({ ...options, startAt: await clock.now() });
  const journal = new Journal();
  const tokens = new Tokens(given);
  const door = { tokens, basicAuth: options.basicAuth, rateLimit: new RateLimit() };
  const pacemaker = new Pacemaker(space, clock);
  const page = new Page({ space, pacemaker, speed: clock.speed ?? 0, host });
  const server = new HttpServer({ space, door, journal, pacemaker, page }, { host, port });

  const stopWebhooks = postWebhooks(space, journal, options.webhooks ?? {});
  space.subscribe((change) => {
    if (change.kind === 'placed') journal.add({ ...change, kind: 'call' });
  });
  await server.open();

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`,
    space,
    tokens,
    journal,
    faults: server.faults,
    unexpectedCalls: space.unexpectedCalls,
    catchUp: () => pacemaker.catchUp(),
    async close() {
      pacemaker.stop();
      stopWebhooks();
      await server.close();
    },
  };
}
