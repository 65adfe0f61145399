/** The tables of `docs/reference/configuration.md`: every variable, default and meaning comes from the table of them. */
import { CLIENT, CODEC_SERVER, GATEWAY, SCHEDULES, WORKER } from '../src/config/table.js';
import type { Row, Settings } from '../src/config/variables.js';
import { markedPage } from './marked-page.js';
import { table } from './schema-markdown.js';

export function configurationMarkdown(): string {
  const source = (name: string) => `src/config/table.ts, ${name}`;
  return markedPage('docs/reference/configuration.md', {
    [source('WORKER')]: tableOf(rowsOf(WORKER)),
    [source('CODEC_SERVER')]: besidesTheWorkers('codec-server', CODEC_SERVER),
    [source('GATEWAY')]: besidesTheWorkers('gateway', GATEWAY),
    [source('SCHEDULES')]: `The commands \`schedule …\` read:\n\n${tableOf(rowsOf(SCHEDULES))}`,
    [source('CLIENT')]:
      `The commands that ask Temporal, such as \`call\` and \`incident\`, read ${namesOf(rowsOf(CLIENT))}.`,
  });
}

/** What a worker reads in the same way is only named. */
function besidesTheWorkers(command: string, settings: Settings): string {
  const ofWorker = new Set(rowsOf(WORKER));
  const rows = rowsOf(settings);
  const shared = rows.filter((row) => ofWorker.has(row));
  return `\`pigeonflow ${command}\` reads ${namesOf(shared)} as above, and:\n\n${tableOf(rows.filter((row) => !ofWorker.has(row)))}`;
}

const rowsOf = (settings: Settings): readonly Row[] => Object.values(settings).flatMap(({ rows }) => rows);

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const namesOf = (rows: readonly Row[]): string => code(rows.flatMap(({ names }) => names));

const tableOf = (rows: readonly Row[]): string =>
  table(
    ['variable', 'default', 'meaning'],
    rows.map(({ names, default: otherwise, meaning, more }) => [
      code(names),
      otherwise,
      more === undefined ? meaning : `${meaning}; ${more}`,
    ]),
  );
