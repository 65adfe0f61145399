import { Command } from 'commander';
import { renderSimulation } from '../simulate/render.js';
import { simulate } from '../simulate/simulate.js';
import { readReading } from '../config/config.js';
import { schedulesOf, withDirectory } from '../people/directory.js';
import { speak } from '../words/words.js';
import { ExitCode } from './exit-code.js';
import { fileProblems, PEOPLE_FLAG, peopleOf, readPolicyFile, readSource } from './file-problems.js';
import { readMoment, rosterFor, SCHEDULES_FLAG, schedulesIn } from './policy-duty.js';
import { readScript } from '../simulate/script.js';

interface SimulateFlags {
  readonly script: string;
  readonly people?: string;
  readonly schedules?: string;
  readonly at?: number;
  readonly json?: true;
}

export function policySimulateCommand(): Command {
  return new Command('simulate')
    .description('play a script of keys and silence against a policy, in virtual time: who is called when')
    .argument('<file>', 'a policy file (YAML)')
    .requiredOption('--script <file>', 'what the people do (YAML); policies/scripts/ has examples')
    .option(...PEOPLE_FLAG)
    .option(...SCHEDULES_FLAG)
    .option('--at <time>', 'when the incident opens, RFC 3339 (default: now)', readMoment)
    .option('--json', 'print the calls, the timeline and the end as JSON; times in milliseconds after the start')
    .action(async (file: string, flags: SimulateFlags) => {
      speak(readReading(process.env));
      const { script: scriptFile, people: peopleFile, schedules, at: opensAt = Date.now(), json } = flags;
      const people = peopleOf(peopleFile);
      const known = { people: [...people.keys()], schedules: schedulesIn(schedules) };
      const { policy: read, described } = readPolicyFile(file, known);
      if (read === undefined) return refuse(described);
      const roster = await rosterFor(read, schedules, people, opensAt);
      if (roster === null && schedulesOf(read).length > 0) {
        return refuse([`${file} asks who is on duty: give --schedules <folder>`]);
      }
      const { policy } = withDirectory(read, people, roster, opensAt);
      const source = readSource(scriptFile);
      if (!source.ok) return refuse(source.described);
      const reading = readScript(source.source, policy, people);
      if (!reading.ok) return refuse(fileProblems(scriptFile, source.source, reading.problems).described);
      const simulation = simulate(policy, reading.script, { people, ...(roster !== null && { roster }), opensAt });
      console.log(json ? JSON.stringify(simulation, null, 2) : renderSimulation(simulation).trimEnd());
    });
}

function refuse(described: readonly string[]): void {
  for (const text of described) console.error(`${text}\n`);
  process.exitCode = ExitCode.usage;
}
