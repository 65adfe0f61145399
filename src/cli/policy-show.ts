import { Command, Option } from 'commander';
import { planOf } from '../policy/show/level-plan.js';
import { showMermaid } from '../policy/show/show-mermaid.js';
import { showText } from '../policy/show/show-text.js';
import { withDirectory } from '../people/directory.js';
import { ExitCode } from './exit-code.js';
import { PEOPLE_FLAG, peopleOf, readPolicyFile } from './file-problems.js';

interface ShowFlags {
  readonly people?: string;
  readonly mermaid?: true;
  readonly json?: true;
}

export function policyShowCommand(): Command {
  return new Command('show')
    .description('draw a policy: its levels, when each is called at the latest, and how many calls at most')
    .argument('<file>', 'a policy file (YAML)')
    .option(...PEOPLE_FLAG)
    .option('--mermaid', 'as a Mermaid flow chart')
    .addOption(
      new Option('--json', 'as JSON: the policy with every default filled in, and the plan').conflicts('mermaid'),
    )
    .action((file: string, { people: peopleFile, mermaid, json }: ShowFlags) => {
      const people = peopleOf(peopleFile);
      const reading = readPolicyFile(file, { people: [...people.keys()] });
      const { described } = reading;
      const policy = reading.policy && withDirectory(reading.policy, people).policy;
      if (policy === undefined) {
        for (const text of described) console.error(`${text}\n`);
        console.error(`${file} cannot be shown before its errors are corrected.`);
        process.exitCode = ExitCode.usage;
        return;
      }
      if (json) console.log(JSON.stringify({ policy, plan: planOf(policy) }, null, 2));
      else console.log(mermaid ? showMermaid(policy) : showText(policy));
    });
}
