import { ListQuery, PARAMETERS, plainSchema, SCHEMAS, type SchemaName } from './api-schemas.js';
import { OPERATIONS } from './incident-routes.js';
import { type Operation, parametersOf } from './operation.js';

/** Of the interface; it begins with the number that is in the addresses. */
const API_VERSION = '1.0.0';

/** What every operation may answer. */
const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request does not fit; `errors` names the fields.',
  401: 'The key is missing or not known.',
  403: 'The key may not do that, or a page of another site asks.',
  413: 'The body is too large.',
  415: 'The type of the body must be application/json.',
  429: 'Too many requests with this key. Try again after Retry-After seconds.',
  500: 'The request failed here.',
  503: 'Temporal or the workers do not answer now. Try again after Retry-After seconds.',
};
const OF_ONE: Readonly<Record<number, string>> = {
  404: 'There is no such incident.',
  410: 'It was terminated in Temporal, or the workers do not have its policy: there is no result.',
};

/** The OpenAPI 3.1 document of the incident API. */
export function openApi(): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of OPERATIONS) {
    const path = operation.path.replaceAll(/:([a-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation) };
  }
  paths['/v1/schedules/{name}.ics'] = { get: CALENDAR };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Incidents and schedules of pigeonflow',
      version: API_VERSION,
      description:
        'Each request needs the key of an operator, as a bearer token, as the password of HTTP Basic, or in X-Pigeonflow-Key. ' +
        '`by` is what the caller claims, and is written down with the name of its key: "sato (via console)".',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { basic: [] }, { header: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        basic: { type: 'http', scheme: 'basic', description: 'The user may be anybody, the password is the key.' },
        header: { type: 'apiKey', in: 'header', name: 'X-Pigeonflow-Key' },
      },
      schemas: Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, plainSchema(schema)])),
    },
  };
}

/** It answers with a calendar and not with JSON. */
const CALENDAR = {
  operationId: 'readSchedule',
  summary: 'The shifts of a schedule as iCalendar: 12 months from the beginning of this one.',
  description:
    'Needs a key that may `calendar` or `read`. Calendar programs have the key behind the address, `/v1/schedules/{name}.ics/{key}`: one that may `calendar` alone.',
  parameters: [
    { name: 'name', in: 'path', required: true, schema: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,59}$' } },
    {
      name: 'person',
      in: 'query',
      required: false,
      description: 'Handle: only the shifts of this person.',
      schema: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,39}$' },
    },
  ],
  responses: {
    200: { description: 'The calendar.', content: { 'text/calendar': { schema: { type: 'string' } } } },
    304: { description: 'It is the one of `If-None-Match`.' },
    ...problemsOf({ ...PROBLEMS, 404: 'There is no such schedule, or it cannot be read.' }),
  },
};

function problemsOf(problems: Readonly<Record<number, string>>): object {
  return Object.fromEntries(
    Object.entries(problems).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: refTo('Problem') } } },
    ]),
  );
}

function describe({ id, path, needs, summary, body, query, answers }: Operation): object {
  const ofOne = path.includes(':id');
  const problems = { ...PROBLEMS, ...(ofOne && OF_ONE) };
  return {
    operationId: id,
    summary,
    description: `Needs a key that may \`${needs}\`.`,
    parameters: [
      ...parametersOf(path).map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: plainSchema(PARAMETERS[name]),
      })),
      ...(query === undefined ? [] : inQuery()),
    ],
    ...(body !== undefined && {
      requestBody: {
        required: body === 'Open' || body === 'DutyAction',
        content: { 'application/json': { schema: refTo(body) } },
      },
    }),
    responses: Object.fromEntries([
      ...Object.entries(answers).map(([status, { schema, description }]) => [
        status,
        {
          description,
          content: { 'application/json': { schema: refTo(schema) } },
          ...(schema === 'Opened' && { links: LINKS }),
        },
      ]),
      ...Object.entries(problemsOf(problems)),
    ]),
  };
}

/** What can be done with an incident that was just opened. */
const LINKS = Object.fromEntries(
  OPERATIONS.filter(({ path }) => path.includes(':id')).map(({ id }) => [
    id,
    { operationId: id, parameters: { id: '$response.body#/incidentId' } },
  ]),
);

function inQuery(): readonly object[] {
  const { properties } = plainSchema(ListQuery) as { readonly properties: Readonly<Record<string, object>> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

function refTo(name: SchemaName): object {
  return { $ref: `#/components/schemas/${name}` };
}
