import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import type { Imported } from '../import/drafts.js';
import { importOpsgenie } from '../import/opsgenie.js';
import { importPagerDuty } from '../import/pagerduty.js';
import { ExitCode, UsageError } from './exit-code.js';
import { readSource } from './file-problems.js';

const INTO = ['--into <folder>', 'where the files are written; none is replaced'] as const;
const HELP = '\nPrints what has no counterpart, and what is to be done. Check the files before they are used.';

export function importCommand(): Command {
  return new Command('import')
    .description('make files of people, schedules and policies of what another product has')
    .addCommand(
      new Command('pagerduty')
        .description("from an export of PagerDuty's REST API")
        .argument('<export>', 'a file (JSON): { users, schedules, escalation_policies }, each as the API gives it')
        .requiredOption(...INTO)
        .addHelpText('after', HELP)
        .action((file: string, { into }: { into: string }) => write(importPagerDuty(readJson(file), Date.now()), into)),
    )
    .addCommand(
      new Command('opsgenie')
        .description("from answers of Opsgenie's API, or from its configuration backup")
        .argument('<file...>', 'files (JSON) of users with contacts, teams, schedules with rotations, escalations')
        .requiredOption(...INTO)
        .addHelpText('after', HELP)
        .action((files: readonly string[], { into }: { into: string }) =>
          write(importOpsgenie(files.map(readJson), Date.now()), into),
        ),
    );
}

function readJson(file: string): unknown {
  const read = readSource(file);
  if (!read.ok) throw new UsageError(read.described);
  try {
    // What Windows writes may begin with a mark of its encoding.
    return JSON.parse(read.source.replace(/^\uFEFF/, ''));
  } catch {
    // Its own words repeat what is in the file.
    throw new UsageError([`${file} is no JSON`]);
  }
}

function write({ files, report }: Imported, folder: string): void {
  const there = [...files.keys()].map((path) => join(folder, path)).filter((path) => existsSync(path));
  if (there.length > 0) throw new UsageError([`nothing is written, since there is already ${there.join(', ')}`]);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    console.log(`written: ${join(folder, path)}`);
  }
  for (const line of report) console.log(`– ${line}`);
  if (files.size > 0) return;
  console.log('Nothing is written: the export has no users, schedules or escalations that can be used.');
  process.exitCode = ExitCode.usage;
}
