import { Command } from 'commander';
import { renderSimulation } from '../simulate/render.js';
import { simulate } from '../simulate/simulate.js';
import { withDirectory } from '../people/directory.js';
import { ExitCode } from './exit-code.js';
import { PEOPLE_FLAG, peopleOf, readPolicyFile } from './file-problems.js';
import { readScriptFile } from './policy-script.js';

interface SimulateFlags {
  readonly script: string;
  readonly people?: string;
  readonly json?: true;
}

export function policySimulateCommand(): Command {
  return new Command('simulate')
    .description('play a script of keys and silence against a policy, in virtual time: who is called when')
    .argument('<file>', 'a policy file (YAML)')
    .requiredOption('--script <file>', 'what the people do (YAML); policies/scripts/ has examples')
    .option(...PEOPLE_FLAG)
    .option('--json', 'print the calls, the timeline and the end as JSON; times in milliseconds after the start')
    .action((file: string, { script: scriptFile, people: peopleFile, json }: SimulateFlags) => {
      const people = peopleOf(peopleFile);
      const { policy: read, described } = readPolicyFile(file, { people: [...people.keys()] });
      if (read === undefined) return refuse(described);
      const { policy } = withDirectory(read, people);
      const reading = readScriptFile(scriptFile, policy, people);
      if (!reading.ok) return refuse(reading.described);
      const simulation = simulate(policy, reading.script, { people });
      console.log(json ? JSON.stringify(simulation, null, 2) : renderSimulation(simulation).trimEnd());
    });
}

function refuse(described: readonly string[]): void {
  for (const text of described) console.error(`${text}\n`);
  process.exitCode = ExitCode.usage;
}
