/**
 * What a level that runs in a child tells its incident, by a signal. Not part of the contract, but anybody can send a signal:
 * what is no report must not stop the incident.
 */
import { Type } from 'typebox';

const nullable = <T extends Parameters<typeof Type.Array>[0]>(schema: T) => Type.Union([schema, Type.Null()]);
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const time = Type.Number();
const ending = {
  outcome: Type.Union([
    Type.Literal('answered'),
    Type.Literal('unanswered'),
    Type.Literal('notPlaced'),
    Type.Literal('stoodDown'),
  ]),
  keyInput: nullable(Type.String()),
  contact: nullable(Type.String()),
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
      waiting: Type.Optional(nullable(Type.String())),
      hangingUp: Type.Boolean(),
    }),
  ),
  waiting: nullable(Type.Object({ id: count, at: time })),
  rung: Type.Array(Type.Object({ at: time, calls: count })),
  serial: count,
  status: Type.Union([
    Type.Object({ kind: Type.Literal('running') }),
    Type.Object({ kind: Type.Union([Type.Literal('ending'), Type.Literal('over')]), ...ending }),
  ]),
});

export const LevelReportSchema = Type.Object(
  {
    run: Type.String(),
    level: LevelSchema,
    timeline: Type.Array(Type.Object({ at: time, kind: Type.String() }, { additionalProperties: true })),
    ringing: Type.Array(Type.String()),
  },
  { $id: 'level-report' },
);
