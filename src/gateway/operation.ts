import type { DutyHandle, IncidentHandle, PigeonflowClient } from '../client.js';
import type { ListQuery, PARAMETERS, SchemaName } from './api-schemas.js';
import { ANSWER_WITHIN_MS } from './deliver.js';
import type { Permission } from './keys/keys.js';
import type { Policies } from './policies.js';
import type { RecentAlerts } from './recent-alerts.js';

/** What can be done over HTTP. From it the routes are made, and `/openapi.json`. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With `:id` for the id of an incident, `:schedule` for the name of a schedule, `:number` for that of an override. */
  readonly path: string;
  readonly needs: Permission;
  readonly summary: string;
  readonly body?: SchemaName;
  readonly query?: typeof ListQuery;
  /** By status. */
  readonly answers: Readonly<Record<number, { readonly schema: SchemaName; readonly description: string }>>;
  readonly work: (asked: Asked) => Promise<{ readonly status: number; readonly body: object }>;
}

export interface Asked {
  readonly pigeonflow: PigeonflowClient;
  readonly policies: Policies;
  readonly recent: RecentAlerts;
  readonly incident: IncidentHandle;
  readonly duty: DutyHandle;
  readonly number: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, string>>;
  /** Who asks, as far as it is known. */
  readonly by: string;
  /** Logs a doubt about what was asked; `noted` is for the access log and the metrics. */
  readonly note: (about: object, doubt: string, noted?: object) => void;
}

export const LIMIT = { timeLimitMs: ANSWER_WITHIN_MS };

/** The names of the parameters in an address. */
export const parametersOf = (path: string): readonly (keyof typeof PARAMETERS)[] =>
  [...path.matchAll(/:([a-z]+)/g)].map(([, name]) => name as keyof typeof PARAMETERS);
