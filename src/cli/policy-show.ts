import { Command, Option } from 'commander';
import { planOf } from '../policy/show/level-plan.js';
import { showMermaid } from '../policy/show/show-mermaid.js';
import { showText } from '../policy/show/show-text.js';
import { withDirectory } from '../people/directory.js';
import { readReading } from '../config/config.js';
import { speak } from '../words/words.js';
import { ExitCode } from './exit-code.js';
import { PEOPLE_FLAG, peopleOf, readPolicyFile } from './file-problems.js';
import { describeDuty, dutyHeading, readMoment, rosterFor, SCHEDULES_FLAG, schedulesIn } from './policy-duty.js';

interface ShowFlags {
  readonly people?: string;
  readonly schedules?: string;
  readonly at?: number;
  readonly mermaid?: true;
  readonly json?: true;
}

export function policyShowCommand(): Command {
  return new Command('show')
    .description('draw a policy: its levels, when each is called at the latest, and how many calls at most')
    .argument('<file>', 'a policy file (YAML)')
    .option(...PEOPLE_FLAG)
    .option(...SCHEDULES_FLAG)
    .option('--at <time>', 'say who is on duty then, RFC 3339 (default: now)', readMoment)
    .option('--mermaid', 'as a Mermaid flow chart')
    .addOption(
      new Option('--json', 'as JSON: the policy with every default filled in, and the plan').conflicts('mermaid'),
    )
    .action(async (file: string, { people: peopleFile, schedules, at = Date.now(), mermaid, json }: ShowFlags) => {
      speak(readReading(process.env));
      const people = peopleOf(peopleFile);
      const reading = readPolicyFile(file, { people: [...people.keys()], schedules: schedulesIn(schedules) });
      const { described } = reading;
      if (reading.policy === undefined) {
        for (const text of described) console.error(`${text}\n`);
        console.error(`${file} cannot be shown before its errors are corrected.`);
        process.exitCode = ExitCode.usage;
        return;
      }
      const roster = await rosterFor(reading.policy, schedules, people, at);
      const { policy } = withDirectory(reading.policy, people, roster, at);
      const onDuty = roster === null ? [] : describeDuty(policy, roster, at);
      if (json) {
        console.log(JSON.stringify({ policy, plan: planOf(policy), ...(roster !== null && { onDuty }) }, null, 2));
        return;
      }
      console.log(mermaid ? showMermaid(policy) : showText(policy));
      if (!mermaid && roster !== null) {
        console.log(['', dutyHeading(at), ...onDuty.map((line) => `  ${line}`)].join('\n'));
      }
    });
}
