import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { callCommand } from '../../src/cli/call.js';
import { canaryCommand } from '../../src/cli/canary.js';
import { doctorCommand } from '../../src/cli/doctor.js';
import { emulatorCommand } from '../../src/cli/emulator.js';
import { ExitCode } from '../../src/cli/exit-code.js';
import { gatewayCommand } from '../../src/cli/gateway.js';
import { incidentCommand } from '../../src/cli/incident.js';
import { pauseCommand, resumeCommand } from '../../src/cli/pause.js';
import { policyCommand } from '../../src/cli/policy.js';
import { routeCommand } from '../../src/cli/route.js';
import { scheduleCommand } from '../../src/cli/schedule.js';
import { silenceCommand } from '../../src/cli/silence.js';
import { setupCommand } from '../../src/cli/setup.js';
import { commandsOf, PAGES, read } from './pages.js';

const COMMANDS = [
  callCommand(),
  incidentCommand(),
  pauseCommand(),
  resumeCommand(),
  silenceCommand(),
  setupCommand(),
  canaryCommand(),
  doctorCommand(),
  gatewayCommand(),
  emulatorCommand(),
  policyCommand(),
  routeCommand(),
  scheduleCommand(),
];
const commandNamed = (name: string): Command => {
  const found = COMMANDS.find((one) => one.name() === name);
  if (found === undefined) throw new Error(`There is no command ${name}`);
  return found;
};

/** `pigeonflow incident list --limit 3` → the command `list`, and what follows it. */
function parsed(line: string): { readonly command: Command; readonly rest: string } | null {
  const [, name = '', rest = ''] = /(?:^|\s)pigeonflow ([a-z-]+)(.*)$/.exec(line) ?? [];
  const command = COMMANDS.find((one) => one.name() === name);
  if (command === undefined) return null;
  const [, sub = '', further = ''] = /^ ([a-z-]+)(.*)$/.exec(rest) ?? [];
  const subcommand = command.commands.find((one) => one.name() === sub);
  return subcommand === undefined ? { command, rest } : { command: subcommand, rest: further };
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
  return help;
}

/** Rows of a table of Markdown, cell by cell, without its two head lines. */
const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const reference = read('docs/reference/command.md');
const tableAfter = (text: string): string =>
  /\n\n(\|[^]*?)\n(?:\n|$)/.exec(reference.slice(reference.indexOf(text)))?.[1] ?? '';

describe('the options that examples give', () => {
  const examples = PAGES.flatMap((page) =>
    commandsOf(page).flatMap((line) => {
      const found = parsed(line);
      const options = found?.rest.split(/ [|#&] /)[0]?.match(/(?<=\s)--[a-z-]+/g) ?? [];
      return found === null || options.length === 0 ? [] : [[page.path, line, found.command, options] as const];
    }),
  );

  test.for(examples)('%s: %s', ([, , command, options]) => {
    const known = command.options.map(({ long }) => long);
    expect(options.filter((option) => !known.includes(option) && option !== '--help')).toEqual([]);
  });
});

test('the reference has every option of `call`, and no other', () => {
  const named = tableAfter('## `pigeonflow call`').match(/(?<=`)--[a-z-]+/g);
  expect(new Set(named)).toEqual(new Set(commandNamed('call').options.map(({ long }) => long)));
});

test('the reference has every option of `incident open`, and no other', () => {
  const open = commandNamed('incident').commands.find((one) => one.name() === 'open');
  const named = tableAfter('## `pigeonflow incident`').match(/(?<=^\| `)--[a-z-]+/gm);
  expect(new Set(named)).toEqual(new Set(open?.options.map(({ long }) => long)));
});

describe('the table of exit codes', () => {
  const [head = '', , ...rows] = tableAfter('## Exit codes').split('\n');
  const columns = head.split('|').slice(1, -1);
  const cells = rowsOf(['', '', ...rows].join('\n'));

  test('has every code', () => {
    expect(cells.map(([code]) => Number(code))).toEqual(Object.values(ExitCode).toSorted((a, b) => a - b));
  });

  /** 1 and 130 any command may end with. */
  const own = (codes: readonly number[]) => [...new Set(codes)].filter((code) => code !== 1 && code !== 130);

  test.for(['call', 'incident', 'doctor', 'setup', 'canary', 'pause'])('says of `%s` what its --help says', (name) => {
    const column = columns.findIndex((title) => title.includes(`\`${name}`));
    const inTable = cells.filter((row) => row[column] !== '').map(([code]) => Number(code));
    const [, said = ''] = /Exit codes[^]*?(?:: |wrong: )(0 [^]*)$/.exec(helpOf(commandNamed(name))) ?? [];
    const inHelp = [...said.matchAll(/(?:^|, |,\n)(\d+) /g)].map(([, code]) => Number(code));
    expect(own(inTable)).toEqual(own(inHelp));
  });
});

test('`resolve --help` and the reference say when --note is required', () => {
  const resolve = commandNamed('incident').commands.find((one) => one.name() === 'resolve');
  expect(resolve?.helpInformation()).toMatch(/--note <text>\s+for the timeline; required\s+with --query/);
  expect(reference).toMatch(/`--query <filter>`, with `--note` then required/);
});
