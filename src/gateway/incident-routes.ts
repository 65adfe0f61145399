import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Logger as Pino } from 'pino';
import {
  DutyInputInvalid,
  type IncidentAnswer,
  IncidentFailed,
  type IncidentFilter,
  IncidentInputInvalid,
  IncidentNotFound,
  IncidentTerminated,
  type PigeonflowClient,
  PigeonflowError,
} from '../client.js';
import { knownSeverity } from '../contract/severity.js';
import { parseBody } from '../alerts/body.js';
import type { NamedIncident } from '../routing/route.js';
import { saysTooMuch } from '../incident/policy.js';
import { PolicyUnusable } from '../policy/read-policy.js';
import { ListQuery, PARAMETERS, plainSchema, type SchemaName, SCHEMAS } from './api-schemas.js';
import { type App, limitRate, onlyMethods, type RateLimit } from './app.js';
import { type AtHand, readBody } from './in-progress.js';
import { claimedBy, retryAfterSeconds } from './deliver.js';
import { SAYS_TOO_MUCH, UNKNOWN_WORD } from './alert-routes.js';
import { type GatewayKeys, holderOf, keyInHeaders, type Operator, type Permission } from './keys/keys.js';
import { LIMIT, type Operation, parametersOf } from './operation.js';
import type { Policies } from './policies.js';
import { Problem, tryAgain } from './problem.js';
import type { RecentAlerts } from './recent-alerts.js';
import { DUTY_OPERATIONS } from './schedule-operations.js';

export interface IncidentOptions {
  readonly keys: () => Promise<GatewayKeys>;
  readonly pigeonflow: PigeonflowClient;
  readonly policies: Policies;
  readonly recent: RecentAlerts;
  readonly rates: RateLimit;
  readonly atHand: AtHand;
  readonly log: Pino;
}

export const OPERATIONS: readonly Operation[] = [
  {
    id: 'openIncident',
    method: 'POST',
    path: '/v1/incidents',
    needs: 'open',
    summary: 'Open an incident, or tell the open one of it. May be repeated: one incident opens.',
    body: 'Open',
    answers: {
      200: { schema: 'Opened', description: 'It was open already.' },
      201: { schema: 'Opened', description: 'It is open, and people are called.' },
    },
    async work({ pigeonflow, policies, body, note }) {
      const input = body as unknown as NamedIncident;
      if (input.severity !== undefined && knownSeverity(input.severity) === undefined) {
        note({ word: input.severity.slice(0, 60) }, UNKNOWN_WORD.severity, { unknownWords: ['severity'] });
      }
      if (saysTooMuch(input.parameters ?? {})) note({ policy: input.policy }, SAYS_TOO_MUCH);
      const policy = await policies.current(input.policy);
      const { incidentId, reported } = await pigeonflow.openIncident({ ...input, policy }, LIMIT);
      return { status: reported === 'opened' ? 201 : 200, body: { incidentId, reported } };
    },
  },
  {
    id: 'listIncidents',
    method: 'GET',
    path: '/v1/incidents',
    needs: 'read',
    summary: 'List incidents: open ones first, then the newest. What has just changed may be missing for a moment.',
    query: ListQuery,
    answers: { 200: { schema: 'Incidents', description: 'The incidents.' } },
    async work({ pigeonflow, query: { limit, ...filter } }) {
      const asked = { ...filter, ...(limit !== undefined && { limit: Number(limit) }) } as IncidentFilter;
      return { status: 200, body: { incidents: await pigeonflow.listIncidents(asked) } };
    },
  },
  {
    id: 'showIncident',
    method: 'GET',
    path: '/v1/incidents/:id',
    needs: 'read',
    summary: 'Show how an incident stands.',
    answers: { 200: { schema: 'Incident', description: 'How it stands.' } },
    async work({ incident }) {
      const listed = await incident.listed();
      // What was written down is better than nothing, at night and without a worker.
      const status = await incident.status(LIMIT).catch((error: unknown) => {
        if (error instanceof PigeonflowError) return null;
        throw error;
      });
      return { status: 200, body: { ...listed, status } };
    },
  },
  {
    id: 'showTimeline',
    method: 'GET',
    path: '/v1/incidents/:id/timeline',
    needs: 'read',
    summary: 'Show what has happened.',
    answers: { 200: { schema: 'Timeline', description: 'The newest 500 entries.' } },
    work: async ({ incident }) => ({ status: 200, body: await incident.timeline(LIMIT) }),
  },
  respond('acknowledge', 'Acknowledge', 'Own an incident: every telephone is hung up, and nobody else is called.'),
  respond('resolve', 'Resolve', 'End an incident.'),
  respond('escalate', 'Escalate', 'Call another step now.'),
  respond('snooze', 'Snooze', 'Call nobody for a while, and then again.'),
  respond('hangUp', 'HangUp', 'Hang up without owning it: the next attempt follows.'),
  {
    id: 'listRecentAlerts',
    method: 'GET',
    path: '/v1/alerts/recent',
    needs: 'read',
    summary: 'List the newest alerts that called nobody, and why: those of this gateway since it runs, at most 250.',
    answers: { 200: { schema: 'RecentAlerts', description: 'The alerts, newest first.' } },
    work: ({ recent }) => Promise.resolve({ status: 200, body: { alerts: recent.all } }),
  },
  ...DUTY_OPERATIONS,
];

function respond(
  name: 'acknowledge' | 'resolve' | 'escalate' | 'snooze' | 'hangUp',
  body: SchemaName,
  summary: string,
) {
  return {
    id: name,
    method: 'POST',
    path: `/v1/incidents/:id/${name === 'hangUp' ? 'hang-up' : name}`,
    needs: 'respond',
    summary,
    body,
    answers: {
      200: { schema: 'Answer', description: 'Done, or so already.' },
      409: { schema: 'Answer', description: 'Its state does not allow it: nothing was changed.' },
    },
    async work({ incident, body, by }) {
      const answer: IncidentAnswer = await incident[name]({ ...body, by }, LIMIT);
      return { status: answer.accepted ? 200 : 409, body: answer };
    },
  } satisfies Operation;
}

/** The API of incidents and schedules, for operators with a key of their own: a sender's key opens nothing here. */
export function offerIncidents(app: App, options: IncidentOptions): void {
  app.register(async (api) => {
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('*', async (request: FastifyRequest, body: IncomingMessage) => {
      const parsed = parseBody((await readBody(body, request.stay)).bytes);
      if (!parsed.ok) throw new Problem(400, `${parsed.problem.message}.`);
      if (parsed.body === undefined || typeof parsed.body === 'object') return parsed.body;
      throw new Problem(400, 'The body must be a JSON object.');
    });
    // An empty form is a form.
    api.addHook('preValidation', async (request) => {
      request.body ??= {};
    });
    for (const operation of OPERATIONS) {
      const parameters = parametersOf(operation.path);
      api.route<{ Params: Params }>({
        method: operation.method,
        url: operation.path,
        schema: {
          ...(operation.body !== undefined && { body: plainSchema(SCHEMAS[operation.body]) }),
          ...(operation.query !== undefined && { querystring: asTexts(plainSchema(operation.query)) }),
          ...(parameters.length > 0 && {
            params: {
              type: 'object',
              properties: Object.fromEntries(parameters.map((name) => [name, plainSchema(PARAMETERS[name])])),
            },
          }),
        },
        onRequest: async (request, reply) => {
          await recognise(request, operation.needs, options);
          options.atHand.enter(request, reply);
          onlyJson(request);
          request.raw.headers['content-type'] = 'application/json';
        },
        handler: async (request, reply) => {
          const { status, body } = await request.stay.during(carriedOut(operation, request, options));
          return await reply.code(status).send(body);
        },
      });
    }
    const paths = new Set(OPERATIONS.map(({ path }) => path));
    for (const path of paths) {
      onlyMethods(
        api,
        path,
        OPERATIONS.filter((operation) => operation.path === path).map(({ method }) => method),
      );
    }
  });
}

/** @throws Problem 401, 403 or 429 */
async function recognise(request: FastifyRequest, needs: Permission, { keys, rates }: IncidentOptions): Promise<void> {
  const operator = holderOf<Operator>((await keys()).operators, keyInHeaders(request.headers) ?? '');
  if (operator === null) {
    throw new Problem(401, 'The key of an operator is missing or not known: Authorization: Bearer <key>.', {
      // Not Basic, which is taken too: a browser would ask for it, and then send it for whatever page.
      headers: { 'www-authenticate': 'Bearer realm="pigeonflow"' },
    });
  }
  request.holder = operator;
  if (!operator.may.includes(needs)) {
    throw new Problem(403, `This key may not do that: it needs "${needs}" under \`may\` in the file of keys.`);
  }
  limitRate(rates, { ...operator, name: `operator ${operator.name}` });
}

/** A form of a page can send what looks like JSON, but cannot claim that it is. @throws Problem 415 */
function onlyJson({ method, headers }: FastifyRequest): void {
  if (method !== 'POST' && method !== 'DELETE') return;
  const type = headers['content-type'];
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
  if (type === undefined ? !hasBody : JSON_TYPE.test(type)) return;
  throw new Problem(415, 'The type of the body must be application/json.');
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json *(?:;|$)/i;

type Params = Readonly<Partial<Record<keyof typeof PARAMETERS, string>>>;

async function carriedOut(
  operation: Operation,
  request: FastifyRequest<{ Params: Params }>,
  { pigeonflow, policies, recent, log }: IncidentOptions,
): Promise<{ readonly status: number; readonly body: object }> {
  const { id = '', schedule = '', number = '0' } = request.params;
  const incidentId = id.startsWith('incident/') ? id : `incident/${id}`;
  const body = request.body as Readonly<Record<string, unknown>>;
  request.noted = {
    operation: operation.id,
    ...(id !== '' && { incident: incidentId }),
    ...(schedule !== '' && { schedule }),
  };
  try {
    return await operation.work({
      pigeonflow,
      policies,
      recent,
      incident: pigeonflow.incident(incidentId),
      duty: pigeonflow.schedule(schedule),
      number: Number(number),
      body,
      query: request.query as Readonly<Record<string, string>>,
      by: claimedBy(typeof body['by'] === 'string' ? body['by'] : null, request.holder?.name ?? ''),
      note(about, doubt, noted) {
        request.noted = { ...request.noted, ...noted };
        log.warn({ key: request.holder?.name, ...about }, doubt);
      },
    });
  } catch (error) {
    throw problemOf(error, operation, log);
  }
}

function problemOf(error: unknown, { id }: Operation, log: Pino): unknown {
  if (error instanceof PolicyUnusable) {
    log.warn({ why: error.message }, 'an incident is not opened');
    const errors = [{ pointer: '#/policy', detail: 'there is no policy of this name, or it has mistakes' }];
    return new Problem(400, 'The policy cannot be used; the log of the gateway says why.', { errors });
  }
  if (!(error instanceof PigeonflowError)) return error;
  if (error instanceof IncidentNotFound) return new Problem(404, 'There is no incident of this id.');
  if (error instanceof IncidentInputInvalid && id === 'openIncident') {
    const errors = error.problems.map((detail) => ({ pointer: '#', detail }));
    return new Problem(400, 'What was given does not fit the incident.', { errors });
  }
  if (error instanceof DutyInputInvalid) {
    const errors = error.problems.map((detail) => ({ pointer: '#', detail }));
    return new Problem(400, 'What was given does not fit the override.', { errors });
  }
  if (ENDED_WITHOUT_RESULT.some((kind) => error instanceof kind)) {
    return new Problem(410, ENDED);
  }
  log.warn({ why: error.message }, 'Temporal or the workers have not answered');
  return tryAgain('Temporal or the workers do not answer now. Try again.', retryAfterSeconds(error));
}

/** The input of an incident is checked again by the worker, which may have to read its policy. */
const ENDED_WITHOUT_RESULT = [IncidentTerminated, IncidentFailed, IncidentInputInvalid];
const ENDED =
  'Nobody is called any more, and there is no result: the incident was terminated in Temporal, or its policy is not in the folder of the workers. Its history there tells.';

/** A query has texts alone. */
function asTexts(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const properties = schema['properties'] as Readonly<Record<string, unknown>>;
  return { ...schema, properties: { ...properties, limit: { type: 'string', pattern: '^(?:[1-9][0-9]{0,2}|1000)$' } } };
}
