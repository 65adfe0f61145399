/**
 * What a level that runs in a child tells its incident, by a signal. It is shared by two
 * workflows and two versions, and nobody else may rely on it; but anybody can send a signal, and what is no report must not
 * stop the incident.
 */
import { Type } from 'typebox';

const nullable = <T extends Parameters<typeof Type.Array>[0]>(schema: T) => Type.Union([schema, Type.Null()]);
/** Far from where adding one changes nothing. */
const count = Type.Integer({ minimum: 0, maximum: 1e12 });
const words = Type.String({ maxLength: 10_000 });
/** As much as a date can be: what is shown of it must not throw. */
const time = Type.Number({ minimum: 0, maximum: 8.64e15 });
const ending = {
  outcome: Type.Union([
    Type.Literal('answered'),
    Type.Literal('unanswered'),
    Type.Literal('notPlaced'),
    Type.Literal('nobody'),
    Type.Literal('stoodDown'),
  ]),
  keyInput: nullable(words),
  contact: nullable(words),
};

const LevelSchema = Type.Object({
  number: count,
  step: Type.String(),
  attempts: count,
  attemptCounts: Type.Boolean(),
  calls: count,
  live: Type.Array(
    Type.Object({
      id: count,
      index: count,
      blocked: nullable(Type.String()),
      blockedBy: Type.Optional(Type.String()),
      nothingRings: Type.Optional(Type.Literal(true)),
      waiting: Type.Optional(nullable(Type.String())),
      hangingUp: Type.Boolean(),
    }),
  ),
  waiting: nullable(Type.Object({ id: count, at: time })),
  rung: Type.Array(Type.Object({ at: time, calls: count }), { maxItems: 1_000 }),
  serial: count,
  called: Type.Optional(Type.Array(words, { maxItems: 1_000 })),
  status: Type.Union([
    Type.Object({ kind: Type.Literal('running') }),
    Type.Object({ kind: Type.Union([Type.Literal('ending'), Type.Literal('over')]), ...ending }),
  ]),
});

/** What is in it is checked by telling it in words; here only what is used besides. */
const EntrySchema = Type.Object(
  {
    at: time,
    kind: words,
    until: Type.Optional(nullable(time)),
    by: Type.Optional(words),
    step: Type.Optional(words),
    level: Type.Optional(count),
    keyInput: Type.Optional(nullable(words)),
    contact: Type.Optional(nullable(words)),
    message: Type.Optional(nullable(words)),
  },
  { additionalProperties: true },
);

export const LevelReportSchema = Type.Object(
  {
    run: Type.String(),
    level: LevelSchema,
    timeline: Type.Array(EntrySchema, { maxItems: 5_000 }),
    ringing: Type.Array(words, { maxItems: 1_000 }),
  },
  { $id: 'level-report' },
);
