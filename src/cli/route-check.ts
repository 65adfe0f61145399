import { Command } from 'commander';
import { ExitCode } from './exit-code.js';
import { countProblems, PEOPLE_FLAG, printProblems } from './file-problems.js';
import { readPolicyFolder, readRouteFile, type RouteFileReading } from './route-read-file.js';

interface CheckFlags {
  readonly policies?: string;
  readonly people?: string;
  readonly json?: true;
}

export function routeCheckCommand(): Command {
  return new Command('check')
    .description('say what is wrong with routing files, where, and what to do about it')
    .argument('<file...>', 'routing files (YAML)')
    .option('--policies <folder>', 'check too that each policy is there, and is given its parameters')
    .option(...PEOPLE_FLAG)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nEnds with 0 when there are no errors (warnings may stay), else with 2.')
    .action((files: readonly string[], { policies: folder, people, json }: CheckFlags) => {
      const policies = folder === undefined ? undefined : readPolicyFolder(folder, people);
      const readings = files.map((file) => readRouteFile(file, policies, Date.now()));
      const counts = countProblems(readings);
      if (json) console.log(JSON.stringify({ ...counts, files: readings.map(asJson) }, null, 2));
      else printProblems(readings);
      if (counts.errors > 0) process.exitCode = ExitCode.usage;
    });
}

function asJson({ file, routes, problems }: RouteFileReading): object {
  return {
    file,
    ok: routes !== undefined,
    ...(routes !== undefined && { rules: routes.rules.map(({ name }) => name) }),
    problems,
  };
}
