import { Command } from 'commander';
import { renderSimulation } from '../simulate/render.js';
import { simulate } from '../simulate/simulate.js';
import { readReading } from '../config/config.js';
import { speak } from '../words/words.js';
import { ExitCode } from './exit-code.js';
import { fileProblems, readPolicyFile, readSource } from './file-problems.js';
import { readScript } from '../simulate/script.js';

interface SimulateFlags {
  readonly script: string;
  readonly json?: true;
}

export function policySimulateCommand(): Command {
  return new Command('simulate')
    .description('play a script of keys and silence against a policy, in virtual time: who is called when')
    .argument('<file>', 'a policy file (YAML)')
    .requiredOption('--script <file>', 'what the people do (YAML); policies/scripts/ has examples')
    .option('--json', 'print the calls, the timeline and the end as JSON; times in milliseconds after the start')
    .action((file: string, { script: scriptFile, json }: SimulateFlags) => {
      speak(readReading(process.env));
      const { policy, described } = readPolicyFile(file);
      if (policy === undefined) return refuse(described);
      const source = readSource(scriptFile);
      if (!source.ok) return refuse(source.described);
      const reading = readScript(source.source, policy);
      if (!reading.ok) return refuse(fileProblems(scriptFile, source.source, reading.problems).described);
      const simulation = simulate(policy, reading.script);
      console.log(json ? JSON.stringify(simulation, null, 2) : renderSimulation(simulation).trimEnd());
    });
}

function refuse(described: readonly string[]): void {
  for (const text of described) console.error(`${text}\n`);
  process.exitCode = ExitCode.usage;
}
