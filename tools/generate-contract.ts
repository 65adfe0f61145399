/**
 * Makes everything that follows from the schemas of the contract: the compiled validators, light enough for the workflow
 * bundle (no schema library in it), the published JSON Schemas, and the reference pages; and the tables of the
 * emulator's switches and of the variables. `npm run generate`; a test fails when it was forgotten.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import type { TSchema } from 'typebox';
import {
  PigeonCallInputSchema,
  PigeonCallResultSchema,
  PigeonCallStatusSchema,
} from '../src/contract/pigeon-call-schema.js';
import {
  AcknowledgeSchema,
  AlertSchema,
  AlertUpdateSchema,
  EscalateSchema,
  HangUpSchema,
  IncidentAnswerSchema,
  IncidentInputSchema,
  IncidentResultSchema,
  IncidentStatusSchema,
  IncidentTimelineSchema,
  ResolveSchema,
  SnoozeSchema,
} from '../src/contract/incident-schema.js';
import {
  ConfirmSchema,
  DutyAnswerSchema,
  DutyOverridesSchema,
  OverrideSchema,
  RemoveSchema,
  SwapSchema,
  TakeSchema,
} from '../src/contract/duty-schema.js';
import {
  AddSilenceSchema,
  EndSilenceSchema,
  SilenceAnswerSchema,
  SilencesSchema,
} from '../src/contract/silence-schema.js';
import { LevelReportSchema } from '../src/contract/level-report-schema.js';
import { PolicySchema } from '../src/contract/policy-schema.js';
import { RoutesFileSchema } from '../src/routing/routes-file-schema.js';
import { GatewayKeysSchema } from '../src/gateway/keys/keys-file-schema.js';
import { CalendarFileSchema, ScheduleFileSchema } from '../src/duty/schedule-file-schema.js';
import { PeopleFileSchema } from '../src/people/people-file-schema.js';
import { PolicyFileSchema } from '../src/policy/policy-file-schema.js';
import { ScriptFileSchema } from '../src/simulate/script-file-schema.js';
import { configurationMarkdown } from './configuration-markdown.js';
import { contractMarkdown } from './contract-markdown.js';
import { incidentMarkdown } from './incident-markdown.js';
import { emulatorMarkdown } from './switches-markdown.js';

const published: readonly TSchema[] = [
  PigeonCallInputSchema,
  PigeonCallResultSchema,
  PigeonCallStatusSchema,
  IncidentInputSchema,
  IncidentResultSchema,
  IncidentStatusSchema,
  IncidentTimelineSchema,
  IncidentAnswerSchema,
  AlertSchema,
  AcknowledgeSchema,
  ResolveSchema,
  EscalateSchema,
  SnoozeSchema,
  HangUpSchema,
  AlertUpdateSchema,
  OverrideSchema,
  TakeSchema,
  SwapSchema,
  ConfirmSchema,
  RemoveSchema,
  DutyAnswerSchema,
  DutyOverridesSchema,
  AddSilenceSchema,
  EndSilenceSchema,
  SilenceAnswerSchema,
  SilencesSchema,
  PolicySchema,
  PolicyFileSchema,
  ScriptFileSchema,
  RoutesFileSchema,
  GatewayKeysSchema,
  ScheduleFileSchema,
  CalendarFileSchema,
  PeopleFileSchema,
];

/** Those that workflows check, by the name of the function. */
const checked: Readonly<Record<string, TSchema>> = {
  validatePigeonCallInput: PigeonCallInputSchema,
  // The policy is checked by itself, so that what is wrong in it is named.
  validateIncidentInput: { ...IncidentInputSchema, properties: { ...IncidentInputSchema.properties, policy: {} } },
  validatePolicy: PolicySchema,
  validateAcknowledge: AcknowledgeSchema,
  validateResolve: ResolveSchema,
  validateEscalate: EscalateSchema,
  validateSnooze: SnoozeSchema,
  validateHangUp: HangUpSchema,
  validateAlertUpdate: AlertUpdateSchema,
  validateOverride: OverrideSchema,
  validateTake: TakeSchema,
  validateSwap: SwapSchema,
  validateConfirm: ConfirmSchema,
  validateRemove: RemoveSchema,
  validateAddSilence: AddSilenceSchema,
  validateEndSilence: EndSilenceSchema,
  validateLevelReport: LevelReportSchema,
};

/** File contents by path relative to the project's root. */
export function generateContract(): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    'src/contract/validators.generated.ts': validators(),
    'docs/reference/pigeon-call.md': contractMarkdown(),
    'docs/reference/incident.md': incidentMarkdown(),
    'docs/reference/emulator.md': emulatorMarkdown(),
    'docs/reference/configuration.md': configurationMarkdown(),
  };
  for (const schema of published) {
    files[`schemas/${idOf(schema)}.json`] =
      JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema }, null, 2) + '\n';
  }
  return files;
}

function validators(): string {
  // `unicode: false`: lengths in UTF-16 units, which needs no helper of ajv at run time.
  const ajv = new Ajv({
    allErrors: true,
    unicode: false,
    strict: false,
    logger: false,
    code: { source: true, esm: true, lines: false },
  });
  for (const schema of Object.values(checked)) ajv.addSchema(plain(schema));
  const ids = Object.fromEntries(Object.entries(checked).map(([name, schema]) => [name, idOf(schema)]));
  const code = standalone.default(ajv, ids);
  if (/\brequire\(/.test(code)) throw new Error('the compiled validator needs ajv at run time');
  return [
    '// @ts-nocheck Generated by `npm run generate` from the schemas beside it. Do not edit.',
    "import type { CompiledValidator } from './compiled-validator.js';",
    shortened(code),
    '',
  ].join('\n');
}

/** One line for each validator, without the schemas beside, which nothing reads, and with each error in a third of the code. */
function shortened(code: string): string {
  return code
    .replaceAll(/export const (\w+) = (\w+);/g, '\nexport const $1: CompiledValidator = $2;')
    .replaceAll(/const schema\d+ = \{.*?\};(?=const |function )/g, '')
    .replaceAll(
      /if\(vErrors === null\)\{vErrors = \[(\w+)\];\}else \{vErrors\.push\(\1\);\}/g,
      '(vErrors??=[]).push($1);',
    );
}

/** The schema without its words: the bundle carries the checks alone. */
function plain(schema: TSchema): object {
  const wordless = (key: string, value: unknown) =>
    typeof value === 'string' && (key === 'description' || key === 'title') ? undefined : value;
  return JSON.parse(JSON.stringify(schema, wordless)) as object;
}

function idOf(schema: TSchema): string {
  const { $id } = schema as { $id?: string };
  if ($id === undefined) throw new Error('a published schema needs an $id');
  return $id;
}

if (process.argv[1] === import.meta.filename) {
  await mkdir('schemas', { recursive: true });
  for (const [path, text] of Object.entries(generateContract())) await writeFile(path, text);
}
