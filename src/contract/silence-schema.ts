/**
 * What the workflow `silences` takes, gives and publishes: which alerts call nobody for a while. From it the validators and the
 * types are made. Workflow code imports only types.
 */
import { Type, type Static, type TSchema } from 'typebox';
import { DURATION_PATTERN } from './duration.js';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const optional = <T extends TSchema>(schema: T) => Type.Optional(nullable(schema));
const time = (description: string) => Type.String({ maxLength: 40, description: `${description} RFC 3339, UTC.` });
const name = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });
const number = Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Counts the silences.' });
const by = optional(Type.String({ maxLength: 200, description: 'Who asks.' }));
const reason = (description: string) => Type.String({ maxLength: 200, description });
const labels = Type.Object(
  {},
  {
    additionalProperties: Type.String({ maxLength: 200 }),
    maxProperties: 10,
    description: 'Labels that the alert must have, each with this value.',
  },
);

export const AddSilenceSchema = Type.Object(
  {
    labels: optional(labels),
    service: optional(Type.String({ maxLength: 200, description: 'The same as the label `service`.' })),
    integration: optional(Type.String({ maxLength: 200, description: 'The integration that sends the alert.' })),
    for: optional(
      Type.String({ pattern: `^$|${DURATION_PATTERN}`, default: '1h', description: 'How long; at most 24h.' }),
    ),
    critical: optional(Type.Boolean({ default: false, description: 'Whether it is for critical alerts, too.' })),
    by,
    reason: optional(reason('Why; required.')),
  },
  { $id: 'silence-add', title: 'Argument of add' },
);
export const EndSilenceSchema = Type.Object(
  { number: optional(number), by, reason: optional(reason('Why.')) },
  { $id: 'silence-end', title: 'Argument of end' },
);
type Given<T> = { readonly [K in keyof T]: T[K] };
export type AddSilenceInput = Given<Omit<Static<typeof AddSilenceSchema>, 'labels'>> & {
  readonly labels?: Readonly<Record<string, string>> | null;
};
export type EndSilenceInput = Given<Static<typeof EndSilenceSchema>>;

const SilenceSchema = Type.Object(
  {
    number,
    id: name('By which incidents know it.'),
    labels,
    integration: nullable(Type.String({ description: 'Null: any.' })),
    critical: Type.Boolean({ description: 'Whether it is for critical alerts, too.' }),
    by: name('Who made it.'),
    reason: reason('Why.'),
    from: time('From when.'),
    until: time('Until when.'),
    ended: nullable(
      Type.Object(
        { by: name('Who.'), at: time('When.'), reason: nullable(reason('Why.')) },
        { description: 'Somebody has ended it before its time.' },
      ),
    ),
  },
  { description: 'Alerts that call nobody until then.' },
);
export type Silence = Readonly<Omit<Static<typeof SilenceSchema>, 'labels'>> & {
  readonly labels: Readonly<Record<string, string>>;
};

export const SilencesSchema = Type.Object(
  {
    version: Type.Integer({ description: 'Counts the changes.' }),
    silences: Type.Array(SilenceSchema, { description: 'Oldest first; of those that are over the newest 50.' }),
  },
  { $id: 'silences', title: 'The silences' },
);
export interface Silences {
  readonly version: number;
  readonly silences: readonly Silence[];
}

export const SilenceAnswerSchema = Type.Object(
  {
    accepted: Type.Boolean({ description: 'Whether it was done, or is so already.' }),
    message: Type.String({ description: 'For people.' }),
    silence: nullable(SilenceSchema),
  },
  { $id: 'silence-answer', title: 'Answer of an update of silences' },
);
export interface SilenceAnswer {
  readonly accepted: boolean;
  readonly message: string;
  readonly silence: Silence | null;
}

/** That a silence ends at another time than was known, to whatever it holds. */
export interface SilenceChange {
  readonly silence: string;
  readonly until: string;
  readonly by: string;
}
