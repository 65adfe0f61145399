import { resolve } from 'node:path';
import { Command } from 'commander';
import { ExitCode } from './exit-code.js';
import {
  countProblems,
  PEOPLE_FLAG,
  peopleOf,
  printProblems,
  readPolicyFile,
  type PolicyFileReading,
} from './file-problems.js';
import { SCHEDULES_FLAG, schedulesIn } from './policy-duty.js';

interface CheckFlags {
  readonly people?: string;
  readonly schedules?: string;
  readonly json?: true;
}

export function policyCheckCommand(): Command {
  return new Command('check')
    .description('say what is wrong with policy files, where, and what to do about it')
    .argument('<file...>', 'policy files (YAML)')
    .option(...PEOPLE_FLAG)
    .option(...SCHEDULES_FLAG)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nEnds with 0 when there are no errors (warnings may stay), else with 2.')
    .action((files: readonly string[], { people, schedules, json }: CheckFlags) => {
      const known = { people: [...peopleOf(people).keys()], schedules: schedulesIn(schedules) };
      const readings = withNamesOnce(files.map((file) => readPolicyFile(file, known)));
      const counts = countProblems(readings);
      if (json) console.log(JSON.stringify({ ...counts, files: readings.map(asJson) }, null, 2));
      else {
        printProblems(readings);
        sayWhatIsNew(readings);
      }
      if (counts.errors > 0) process.exitCode = ExitCode.usage;
    });
}

/** The one thing that a file from before this version means now, and did not mean then. */
function sayWhatIsNew(readings: readonly PolicyFileReading[]): void {
  const silent = readings.filter(({ policy, saysWorse }) => policy !== undefined && saysWorse === false).length;
  if (silent === 0) return;
  const files = readings.length === 1 ? 'It does' : `${silent} of them do`;
  console.error(
    `${files} not say \`worse\`: when an incident gets worse after somebody took it, people are called again. \`worse: note\` keeps that quiet, \`worse: call\` this line.`,
  );
}

/** An incident asks for a policy by its name alone. */
function withNamesOnce(readings: readonly PolicyFileReading[]): readonly PolicyFileReading[] {
  return readings.map((reading, index) => {
    const name = reading.policy?.name;
    const earlier = readings.slice(0, index).find(({ policy }) => name !== undefined && policy?.name === name);
    if (earlier === undefined || resolve(earlier.file) === resolve(reading.file)) return reading;
    const message = `the policy is named "${name}" as the one in ${earlier.file}; give one of them another name`;
    const problem = {
      severity: 'error',
      code: 'name-taken',
      message,
      path: 'name',
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
    } as const;
    return {
      ...reading,
      problems: [...reading.problems, problem],
      described: [...reading.described, `${reading.file}: error: ${message}`],
    };
  });
}

function asJson({ file, policy, problems }: PolicyFileReading): object {
  return {
    file,
    ok: !problems.some(({ severity }) => severity === 'error'),
    ...(policy !== undefined && { name: policy.name }),
    problems,
  };
}
