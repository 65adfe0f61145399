/**
 * What the workflow `duty` takes, gives and publishes: who takes over whose duty. From it the validators, the HTTP API and the
 * types are made. Workflow code imports only types.
 *
 * A shift is written `weekly/2026-12-07`, or `weekly/2026-12-07T17:00` where several begin on that date; without the layer
 * where the schedule has one alone.
 */
import { Type, type Static, type TSchema } from 'typebox';

const HANDLE_PATTERN = '^[a-z0-9][a-z0-9-]{0,39}$';
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const optional = <T extends TSchema>(schema: T) => Type.Optional(nullable(schema));
const handle = (description: string) => Type.String({ pattern: HANDLE_PATTERN, description });
const handles = (description: string) => Type.Array(handle('Of a person.'), { maxItems: 50, description });
const time = (description: string) => Type.String({ maxLength: 40, description: `${description} RFC 3339.` });
const moment = (description: string) =>
  optional(
    Type.String({
      pattern: '^$|^20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,3})?)?(?:Z|[+-]\\d\\d:\\d\\d)?$',
      description: `${description} RFC 3339, or without an offset by the clock of the schedule: 2026-12-01T09:00.`,
    }),
  );
const shift = Type.String({
  pattern: '^(?:[a-z0-9-]{1,40}/)?20\\d\\d-\\d\\d-\\d\\d(?:T\\d\\d:\\d\\d)?$',
  description: 'The shift that begins on this date: weekly/2026-12-07, or weekly/2026-12-07T17:00.',
});
const formHandle = (description: string) => optional(Type.String({ pattern: `^$|${HANDLE_PATTERN}`, description }));

const by = optional(Type.String({ maxLength: 200, description: 'Who asks.' }));
const reason = optional(Type.String({ maxLength: 200, description: 'Why; shown wherever somebody is called by it.' }));
const preview = optional(Type.Boolean({ default: false, description: 'Only says what it would come to.' }));
const number = Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Counts the overrides of a schedule.' });

const Part = Type.Object(
  {
    people: handles('Who is on duty by it, in this order.'),
    instead: nullable(handle('In whose place alone; null: in place of all.')),
    layer: nullable(Type.String({ maxLength: 40, description: 'Null: a time, whatever layer has it.' })),
    shift: nullable(
      Type.String({
        maxLength: 16,
        description: 'When the shift begins, by the clock of its layer; it moves with it.',
      }),
    ),
    from: time('From when, as the schedule had it when it was made.'),
    until: time('Until when.'),
    after: nullable(time('Of the shift only what is after this.')),
    before: nullable(time('Of the shift only what is before this.')),
    former: handles('Who would have been on duty.'),
  },
  { description: 'One shift, or one time.' },
);
export type OverridePart = Readonly<Static<typeof Part>>;

const LiveOverride = Type.Object(
  {
    number,
    kind: Type.Union([Type.Literal('override'), Type.Literal('take'), Type.Literal('swap')]),
    parts: Type.Array(Part, { minItems: 1, maxItems: 2, description: 'Two of a swap.' }),
    by: Type.String({ maxLength: 300, description: 'Who asked.' }),
    reason: nullable(Type.String({ maxLength: 200 })),
    at: time('When.'),
    proposed: Type.Boolean({ description: 'It does not count until all have confirmed it.' }),
    unconfirmed: handles('Who has not confirmed it: until then those of `former` are called right after them.'),
    confirmed: Type.Array(
      Type.Object({ person: handle('Who.'), by: Type.String({ maxLength: 300 }), at: time('When.') }),
      {
        maxItems: 100,
      },
    ),
    removed: nullable(
      Type.Object({
        by: Type.String({ maxLength: 300 }),
        reason: nullable(Type.String({ maxLength: 200 })),
        at: time('When.'),
      }),
    ),
    names: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 200 }), {
        description: 'Of these handles, by the file of people of the workers when it was made.',
      }),
    ),
  },
  { $id: 'duty-live-override', title: 'An override that was made while the schedule was in use' },
);
export type LiveOverride = Readonly<
  Omit<Static<typeof LiveOverride>, 'parts'> & { readonly parts: readonly OverridePart[] }
>;

export const DutyOverridesSchema = Type.Object(
  {
    schedule: Type.String({ description: 'Its name.' }),
    version: Type.Integer({ description: 'Counts the changes.' }),
    overrides: Type.Array(Type.Omit(LiveOverride, []), {
      description: 'In the order in which they were made. Those that are removed or over stay for a while.',
    }),
  },
  { $id: 'duty-overrides', title: 'The overrides of a schedule' },
);
export interface DutyOverrides {
  readonly schedule: string;
  readonly version: number;
  readonly overrides: readonly LiveOverride[];
}

/** What is given to `override`, `take` and `swap` in common. */
const asked = { by, reason, preview };

export const OverrideSchema = Type.Object(
  {
    people: Type.Optional(
      Type.Union([handles('Who is on duty instead, in this order.'), handle('The same, of one.'), Type.Null()]),
    ),
    shift: optional(shift),
    from: moment('In place of `shift`: from when (now).'),
    until: moment('Until when (the end of the shift).'),
    instead: formHandle('Only in the place of this person.'),
    ...asked,
    restore: Type.Optional(
      Type.Array(Type.Omit(LiveOverride, []), { maxItems: 300, description: 'Puts these back, as they were printed.' }),
    ),
  },
  { $id: 'duty-override', title: 'Argument of override' },
);
export const TakeSchema = Type.Object(
  {
    person: formHandle('Who takes over, now.'),
    until: moment('Until when (the end of the shift), and no later than that.'),
    instead: formHandle('Only in the place of this person.'),
    ...asked,
  },
  { $id: 'duty-take', title: 'Argument of take' },
);
export const SwapSchema = Type.Object(
  {
    shift: optional(shift),
    with: optional(shift),
    person: formHandle('Who of the two asks, and so agrees.'),
    agreed: optional(
      Type.Boolean({ default: false, description: 'Counts at once: both agree, or somebody decides it for them.' }),
    ),
    ...asked,
  },
  { $id: 'duty-swap', title: 'Argument of swap' },
);
export const ConfirmSchema = Type.Object(
  {
    person: formHandle('Who confirms.'),
    number: optional(number),
    by,
  },
  { $id: 'duty-confirm', title: 'Argument of confirm' },
);
export const RemoveSchema = Type.Object(
  { number: optional(number), by, reason },
  { $id: 'duty-remove', title: 'Argument of remove' },
);
export type OverrideInput = Partial<
  Omit<Static<typeof OverrideSchema>, 'restore' | 'people'> & {
    readonly people: readonly string[] | string | null;
    readonly restore: readonly LiveOverride[];
  }
>;
export type TakeInput = Static<typeof TakeSchema>;
export type SwapInput = Static<typeof SwapSchema>;
export type ConfirmInput = Static<typeof ConfirmSchema>;
export type RemoveInput = Static<typeof RemoveSchema>;

export const DutyAnswerSchema = Type.Object(
  {
    accepted: Type.Boolean({ description: 'Whether it was done, or is so already.' }),
    message: Type.String({ description: 'For people: who is on duty from then on, until when, by whom it was asked.' }),
    override: nullable(Type.Omit(LiveOverride, [])),
    holdsFrom: nullable(time('From then on every worker knows; null: nothing was changed.')),
    version: Type.Integer({ description: 'Counts the changes.' }),
  },
  { $id: 'duty-answer', title: 'Answer of an update of duty' },
);
export interface DutyAnswer {
  readonly accepted: boolean;
  readonly message: string;
  readonly override: LiveOverride | null;
  readonly holdsFrom: string | null;
  readonly version: number;
}

/** Of which shifts the schedule has to be asked. */
export type WantedShifts =
  | ({ readonly kind: 'now'; readonly people: readonly string[]; readonly upTo: 'end' | 'any' } & WantedTime)
  | ({ readonly kind: 'time'; readonly people: readonly string[]; readonly from: string } & WantedTime)
  | ({ readonly kind: 'shift'; readonly people: readonly string[]; readonly shift: string } & WantedTime)
  | { readonly kind: 'swap'; readonly shift: string; readonly with: string };
interface WantedTime {
  readonly until: string | null;
  readonly instead: string | null;
}

export interface ShiftSearch {
  readonly schedule: string;
  /** Those that count now. */
  readonly overrides: readonly LiveOverride[];
  readonly wanted: WantedShifts;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The parts of an override; or in words why there is none. `already`: they are on duty as it is. */
export type FoundShifts =
  | {
      readonly found: 'parts';
      readonly parts: readonly OverridePart[];
      /** By handle, of those whose names are known. */
      readonly names?: Readonly<Record<string, string>>;
    }
  | { readonly found: 'already'; readonly message: string }
  | { readonly found: 'nothing'; readonly message: string };
