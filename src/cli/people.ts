import { Command } from 'commander';
import { ExitCode } from './exit-code.js';
import { countProblems, type PeopleFileReading, printProblems, readPeopleFile } from './file-problems.js';
import { peopleCallCommand } from './people-call.js';

export function peopleCommand(): Command {
  return new Command('people').addCommand(peopleCheckCommand()).addCommand(peopleCallCommand());
}

function peopleCheckCommand(): Command {
  return new Command('check')
    .description('say what is wrong with files of people, where, and what to do about it')
    .argument('<file...>', 'files of people (YAML)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nEnds with 0 when there are no errors (warnings may stay), else with 2.')
    .action((files: readonly string[], { json }: { readonly json?: true }) => {
      const readings = files.map(readPeopleFile);
      const counts = countProblems(readings);
      if (json) console.log(JSON.stringify({ ...counts, files: readings.map(asJson) }, null, 2));
      else printProblems(readings);
      if (counts.errors > 0) process.exitCode = ExitCode.usage;
    });
}

function asJson({ file, people, problems }: PeopleFileReading): object {
  return { file, ok: people !== undefined, ...(people !== undefined && { people: [...people.keys()] }), problems };
}
