import { Command, Option } from 'commander';
import { planOf } from '../policy/show/level-plan.js';
import { showMermaid } from '../policy/show/show-mermaid.js';
import { showText } from '../policy/show/show-text.js';
import { readReading } from '../config/config.js';
import { speak } from '../words/words.js';
import { ExitCode } from './exit-code.js';
import { readPolicyFile } from './file-problems.js';

interface ShowFlags {
  readonly mermaid?: true;
  readonly json?: true;
}

export function policyShowCommand(): Command {
  return new Command('show')
    .description('draw a policy: its levels, when each is called at the latest, and how many calls at most')
    .argument('<file>', 'a policy file (YAML)')
    .option('--mermaid', 'as a Mermaid flow chart')
    .addOption(
      new Option('--json', 'as JSON: the policy with every default filled in, and the plan').conflicts('mermaid'),
    )
    .action((file: string, { mermaid, json }: ShowFlags) => {
      speak(readReading(process.env));
      const { policy, described } = readPolicyFile(file);
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
