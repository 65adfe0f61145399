import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger as Pino } from 'pino';
import { PigeonflowError, TemporalRefused } from '../client.js';
import {
  type InternalAlert,
  receive,
  type Received,
  type Source,
  type SourceContext,
  type SourceRequest,
} from '../alerts/alert.js';
import type { CutBody } from '../alerts/body.js';
import type { BodyProblem } from '../alerts/field.js';
import { parseBody } from '../alerts/body.js';
import { routeAll } from '../routing/route-all.js';
import type { Routes } from '../routing/routes.js';
import type { Silence } from '../contract/silence-schema.js';
import { silencesFor } from '../routing/silences.js';
import type { Decision } from '../routing/route.js';
import type { SilenceHold } from '../contract/incident-schema.js';
import { saysTooMuch } from '../incident/policy.js';
import { SPOKEN_SECONDS } from '../incident/spoken.js';
import { PolicyUnusable } from '../policy/read-policy.js';
import { withSeverities } from '../alerts/state-words.js';
import { type App, limitRate, onlyMethods, type RateLimit } from './app.js';
import { type AtHand, onceOver, readBody } from './in-progress.js';
import { Arrivals, type Delivered, type Delivery, type Place, retryAfterSeconds } from './deliver.js';
import {
  beginSigned,
  type GatewayKeys,
  holderOf,
  type Integration,
  keyInHeaders,
  type SendersOfKeys,
  type SignedBody,
} from './keys/keys.js';
import { Problem, tryAgain } from './problem.js';
import type { RecentAlerts } from './recent-alerts.js';
import type { Sns } from './sns.js';

export interface AlertOptions {
  readonly keys: () => Promise<GatewayKeys>;
  readonly routes: () => Promise<Routes>;
  /** Those that are on. */
  readonly silences: () => Promise<readonly Silence[]>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly delivery: Delivery;
  readonly rates: RateLimit;
  readonly atHand: AtHand;
  readonly sns: Sns;
  readonly log: Pino;
  readonly senders: SendersOfKeys;
  readonly recent: RecentAlerts;
}

/** `POST /v1/alerts/<source>/<key>`, the same with the key in a header, and PagerDuty's `POST /v2/enqueue`. */
export function takeAlerts(app: App, options: AlertOptions): void {
  app.register(async (alerts) => {
    alerts.removeAllContentTypeParsers();
    const arrivals = new Arrivals();
    alerts.addContentTypeParser('*', async (request: FastifyRequest, body: IncomingMessage): Promise<SentBody> => {
      const signed = await signedBy(request.holder as Integration | null, request);
      const { longList, keyOf } = sourceOf(request, options).source;
      const limit = request.holder === null && keyOf !== undefined && { mostBytes: MOST_BYTES_OF_UNKNOWN };
      const read = await readBody(body, request.stay, { longList, ...limit, ...(signed && { tap: signed.update }) });
      return { ...read, signed };
    });
    alerts.addHook('onRequest', async (request, reply) => {
      // Before anything is awaited. A key that is in the body has its place when that has been read.
      const key = earlyKeyOf(request);
      if (key !== undefined) placeOf(request, reply, arrivals, key);
      // Whatever type it claims: SNS sends JSON as text, and an odd header must not keep a telephone from ringing.
      request.raw.headers['content-type'] = 'application/octet-stream';
      await letIn(request, reply, options);
    });
    for (const address of ['/v1/alerts/:source/:key', '/v1/alerts/:source', '/v2/enqueue']) {
      alerts.post<{ Params: Partial<Params> }>(address, async (request, reply) => {
        const place = (key: string) => placeOf(request, reply, arrivals, key);
        const answer = await request.stay.during(take(request, place, options));
        return await reply.code(202).send(answer);
      });
      onlyMethods(alerts, address, ['POST']);
    }
  });
}

interface Params {
  readonly source: string;
  readonly key: string;
}

interface SentBody extends CutBody {
  /** Null where it is not signed, or not known yet whose it is. */
  readonly signed: SignedBody | null;
}

/** PagerDuty takes as much. */
const MOST_BYTES_OF_UNKNOWN = 524_288;
const UNKNOWN_KEY = 'The key is missing or not known. It is at the end of the address, or in a header.';

function earlyKeyOf(request: FastifyRequest): string | undefined {
  return (request.params as Partial<Params>).key ?? keyInHeaders(request.headers);
}

/** Among the requests with the same key; it is left at the latest with the answer. */
function placeOf(request: FastifyRequest, reply: FastifyReply, arrivals: Arrivals, key: string): Place {
  if (request.place !== null) return request.place;
  const place = arrivals.enter(key);
  request.place = place;
  onceOver(request, reply, place.leave);
  return place;
}

/** Nobody without a right key has a body read, but for the sources that have it in there. */
async function letIn(request: FastifyRequest, reply: FastifyReply, options: AlertOptions): Promise<void> {
  const { name, source } = sourceOf(request, options);
  request.noted = { source: name };
  const key = earlyKeyOf(request);
  if (key === undefined && source.keyOf !== undefined) return options.atHand.enterUnknown(request, reply);
  await recognise(key ?? '', request, options);
  options.atHand.enter(request, reply);
}

/** @throws Problem 404 */
function sourceOf(request: FastifyRequest, { sources }: AlertOptions): { name: string; source: Source } {
  const { source: name = 'pagerduty' } = request.params as Partial<Params>;
  const source = sources.get(name);
  if (source !== undefined) return { name, source };
  throw new Problem(404, `There is no such source of alerts. There are ${[...sources.keys()].join(', ')}.`);
}

async function recognise(key: string, request: FastifyRequest, options: AlertOptions): Promise<Integration> {
  const { keys, rates, recent } = options;
  const integration = holderOf((await keys()).integrations, key);
  if (integration === null) {
    const { name: source } = sourceOf(request, options);
    const nothing = { integration: null, summary: null, incident: null };
    recent.add({ result: 'unknownKey', why: 'its key is missing or not known', source, ...nothing });
    throw new Problem(401, UNKNOWN_KEY, { headers: { 'www-authenticate': 'Bearer' } });
  }
  request.holder = integration;
  limitRate(rates, integration, { alerts: 1, counted: 0 });
  return integration;
}

async function take(
  request: FastifyRequest,
  placeOfKey: (key: string) => Place,
  options: AlertOptions,
): Promise<object> {
  try {
    // What was sent is forgotten when it has been read, and does not wait for Temporal.
    const { received, integration } = await read(request, placeOfKey, options);
    return await deliverAll(received, integration, request, options);
  } finally {
    // Whatever became of it, those behind it do not wait for its answer to be sent.
    request.place?.leave();
  }
}

async function read(
  request: FastifyRequest,
  placeOfKey: (key: string) => Place,
  options: AlertOptions,
): Promise<{ readonly received: Extract<Received, { ok: true }>; readonly integration: Integration }> {
  const { name, source } = sourceOf(request, options);
  const { bytes, leftOut, signed } = (request.body ?? NO_BODY) as SentBody;
  request.body = null;
  const parsed = parseBody(bytes);
  const asked: SourceRequest = {
    headers: textsOf(request.headers),
    query: textsOf(request.query as Readonly<Record<string, unknown>>),
    body: parsed.ok ? parsed.body : undefined,
    leftOut,
  };
  placeOfKey(source.keyOf?.(asked) ?? '');
  const integration = await integrationOf(source, asked, request, options);
  if (signed !== null) signed.prove();
  else await proveLate(integration, request, bytes);
  if (!parsed.ok) throw unfit(source, parsed.problem);
  const context: SourceContext = {
    newKey: randomUUID,
    topics: integration.topics,
    rawDelivery: integration.rawDelivery,
  };
  await prove(source, asked, context, options);
  const received = receive(name, source, asked, context);
  if (!received.ok) throw unfit(source, received.problem);
  options.senders.heard(integration.name, source.senderOf?.(asked), options.log);
  return { received, integration };
}

async function signedBy(integration: Integration | null, { headers }: FastifyRequest): Promise<SignedBody | null> {
  const hmac = integration?.hmac ?? null;
  return hmac === null ? null : await beginSigned(hmac, headers);
}

/** Of a body that was read before it was known whose it is, and is whole; or of none. */
async function proveLate(integration: Integration, request: FastifyRequest, bytes: Buffer): Promise<void> {
  const signed = await signedBy(integration, request);
  signed?.update(bytes);
  signed?.prove();
}

const NO_BODY: SentBody = { bytes: Buffer.alloc(0), leftOut: 0, signed: null };

async function integrationOf(
  source: Source,
  asked: SourceRequest,
  request: FastifyRequest,
  options: AlertOptions,
): Promise<Integration> {
  // It was recognised by its address or its headers; else the key is in the body.
  if (request.holder !== null) return request.holder as Integration;
  const integration = await recognise(source.keyOf?.(asked) ?? '', request, options);
  request.stay.recognised();
  return integration;
}

/** @throws Problem 403 for what the sender has not signed; 503 where that cannot be proven now. */
async function prove(source: Source, asked: SourceRequest, context: SourceContext, { sns, log }: AlertOptions) {
  if (source.verify === undefined) return;
  let problem: BodyProblem | null;
  try {
    problem = await source.verify(asked, context, sns.certificate);
  } catch (error) {
    log.error({ why: error instanceof Error ? error.message : String(error) }, 'a signature cannot be verified');
    throw tryAgain('The signature cannot be verified now.', 10);
  }
  if (problem !== null) {
    throw new Problem(403, 'The message is not signed as it must be.', { errors: [partOf(problem)] });
  }
}

async function deliverAll(
  { alerts, ignored, refused = [], answer, confirm }: Extract<Received, { ok: true }>,
  integration: Integration,
  request: FastifyRequest,
  { routes, silences, rates, delivery, sns, log, recent }: AlertOptions,
): Promise<object> {
  const rules = await routes();
  await request.place?.turn();
  const at = Date.now();
  const routed = alerts.flatMap((alert) => routeAll(rules, alert, { integration: integration.name, at }));
  const active = await silences();
  // Before any of them is opened; one has been counted with the request.
  limitRate(rates, integration, { alerts: Math.max(1, routed.length), counted: 1 });
  const each = alerts.flatMap((alert) => alert.group?.members ?? [alert]);
  noteUnknownWords(
    each.map((alert) => withSeverities(alert, rules.severities)),
    integration.name,
    request,
    log,
  );
  const delivering = Promise.allSettled(
    routed.map(async ({ alert, decision: routed, members }) => {
      const heldBy = silencesFor(active, members, integration.name);
      const decision = withHolds(routed, heldBy);
      if (decision.kind === 'unrouted') {
        log.error({ key: integration.name, source: alert.source }, 'NOBODY IS CALLED: no rule takes this alert');
      }
      if (decision.kind === 'open' && saysTooMuch(decision.input.parameters ?? {})) {
        log.warn({ key: integration.name, incident: decision.incident }, SAYS_TOO_MUCH);
      }
      const delivered = await delivery.deliver(alert, decision, integration.name);
      noteRecent(recent, { alert, decision, heldBy, delivered, integration: integration.name });
      if (delivered.some(({ result }) => result === 'silenced')) {
        const by = heldBy.map(({ silence, until }) => ({ silence, until }));
        log.warn(
          { key: integration.name, source: alert.source, silences: by },
          'SILENCED: an alert calls nobody for now',
        );
      }
      return delivered;
    }),
  );
  // From here on each of its incidents keeps the order.
  request.place?.leave();
  const delivered = await delivering;
  const results: readonly Delivered[] = [
    ...delivered.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])),
    ...refused.map((): Delivered => ({ result: 'refused' })),
  ];
  const errors = refused.map(partOf);
  const { source = '' } = request.noted as { readonly source?: string };
  const unread = { source, integration: integration.name, summary: null, incident: null };
  for (const { pointer, detail } of errors) recent.add({ result: 'refused', why: `${pointer} ${detail}`, ...unread });
  for (const { reason } of ignored) recent.add({ result: 'ignored', why: reason, ...unread });
  const leftOut = alerts.reduce((sum, { group }) => sum + (group?.leftOut ?? 0), 0);
  const more = {
    ...(ignored.length > 0 && { ignored: ignored.map(({ reason }) => reason) }),
    ...(errors.length > 0 && { errors }),
    ...(leftOut > 0 && { leftOut }),
  };
  request.noted = { ...request.noted, results, ...more };
  if (errors.length > 0)
    log.error({ key: integration.name, errors }, 'some alerts of a list do not fit: they call nobody');
  if (leftOut > 0)
    log.warn({ key: integration.name, leftOut }, 'a group is too large: some of its alerts are not read');
  const failed = delivered.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw notDelivered(failed.reason, log);
  if (confirm !== undefined) await confirmed(confirm, sns, log);
  return answer ?? { status: 'accepted', results, ...more };
}

interface Outcome {
  readonly alert: InternalAlert;
  readonly decision: Decision;
  readonly heldBy: readonly SilenceHold[];
  readonly delivered: readonly Delivered[];
  readonly integration: string;
}

/** What calls nobody is kept for those who wonder why. */
function noteRecent(recent: RecentAlerts, { alert, decision, heldBy, delivered, integration }: Outcome): void {
  const { source, summary } = alert;
  for (const { result, incident = null } of delivered) {
    const about = { source, integration, summary, incident };
    if (result === 'unrouted') recent.add({ result, why: 'no rule takes it', ...about });
    if (result === 'ignored') {
      recent.add({ result, why: decision.kind === 'ignore' ? `the rule "${decision.rule}" ignores it` : '', ...about });
    }
    if (result === 'silenced') {
      const why = heldBy.map(({ by, reason, until }) => `a silence of ${by} until ${until}: ${reason}`).join('; ');
      recent.add({ result, why, ...about });
    }
  }
}

const withHolds = (decision: Decision, heldBy: readonly SilenceHold[]): Decision =>
  decision.kind === 'open' && heldBy.length > 0 ? { ...decision, input: { ...decision.input, heldBy } } : decision;

/** The louder reading was taken, and somebody has to know: a word that means little calls people at night. */
function noteUnknownWords(alerts: readonly InternalAlert[], key: string, request: FastifyRequest, log: Pino): void {
  const unknown = alerts.flatMap(({ unknownWords }) => Object.entries(unknownWords ?? {}));
  if (unknown.length === 0) return;
  request.noted = { ...request.noted, unknownWords: unknown.map(([kind]) => kind) };
  const { source } = alerts[0] ?? {};
  for (const [kind, word] of new Map(unknown.map((one) => [one.join(' '), one] as const)).values()) {
    log.warn({ key, source, kind, word }, UNKNOWN_WORD[kind === 'severity' ? 'severity' : 'state']);
  }
}

export const SAYS_TOO_MUCH = `more than ${SPOKEN_SECONDS} s to read aloud: what is beyond them is left out of calls, so that the keys are heard`;

export const UNKNOWN_WORD = {
  severity: 'this severity is not known and counts as error',
  state: 'this state is not known and counts as a trouble',
};

/** The sender keeps what Temporal does not have. */
function notDelivered(error: unknown, log: Pino): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof PolicyUnusable) {
    log.error({ why: error.message }, 'NOBODY IS CALLED: the policy of an alert cannot be used');
    return tryAgain('The policy of the alert cannot be used. Keep it, and try again.', 30);
  }
  // Messages of other errors may quote what was sent.
  const why = error instanceof PigeonflowError ? error.message : error instanceof Error ? error.name : typeof error;
  log[error instanceof TemporalRefused ? 'error' : 'warn']({ why }, 'Temporal has not taken an alert');
  return tryAgain('The alert cannot be handed on now. Keep it, and try again.', retryAfterSeconds(error));
}

async function confirmed(address: string, sns: Sns, log: Pino): Promise<void> {
  try {
    await sns.confirm(address);
    log.info('a subscription of SNS is confirmed');
  } catch (error) {
    log.error({ why: error instanceof Error ? error.message : String(error) }, 'a subscription cannot be confirmed');
    throw tryAgain('The subscription cannot be confirmed now.', 10);
  }
}

function unfit(source: Source, problem: BodyProblem): Problem {
  const body = source.refusal?.(problem);
  const errors = [partOf(problem)];
  return new Problem(400, 'The body does not fit this source of alerts.', { errors, ...(body && { body }) });
}

const partOf = ({ pointer, message }: BodyProblem) => ({ pointer: `#${pointer}`, detail: message });

function textsOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : textOf(value)]),
  );
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
