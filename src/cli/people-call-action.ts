import { randomUUID } from 'node:crypto';
import { readPeopleFileName } from '../config/config.js';
import { durationMs } from '../contract/duration.js';
import { type Language, words, wordsIn } from '../words/words.js';
import { suggestion } from '../yaml-file/did-you-mean.js';
import { formOf, progress } from './call-actions.js';
import { followCall } from './call-follow.js';
import { callTo, maskedNumbers, reachedBy } from './drill.js';
import { ExitCode, UsageError } from './exit-code.js';
import { peopleOf } from './file-problems.js';
import { listenForInterruption } from './interruption.js';
import { withPigeonflow } from './temporal.js';

export interface TestCallFlags {
  readonly people?: string;
  readonly language: Language;
  readonly giveUpAfter: string;
  readonly json?: true;
}

export async function callPerson(handle: string, flags: TestCallFlags): Promise<ExitCode> {
  const people = peopleOf(flags.people ?? readPeopleFileName(process.env) ?? undefined);
  const person = people.get(handle);
  if (person === undefined) {
    throw new UsageError([`there is no person "${handle}"${suggestion(handle, people.keys(), 'people')}`]);
  }
  const lines = progress();
  return await withPigeonflow(async (pigeonflow) => {
    const interruption = listenForInterruption(lines, 'ask');
    try {
      const { drill: said } = words();
      lines.say(said.calls(person.name, maskedNumbers(person)));
      const call = await pigeonflow.startCall(
        `people-call/${handle}/${randomUUID()}`,
        callTo(person, spokenIn(flags.language)),
      );
      const giveUpAfterMs = durationMs(flags.giveUpAfter);
      const code = await followCall(call, { form: formOf(flags), giveUpAfterMs, lines, interruption });
      if (code !== ExitCode.done && code !== ExitCode.unanswered) return code;
      const reached = reachedBy({ kind: 'result', result: await call.wait() });
      if (reached !== 'again' && reached.kind === 'over')
        lines.say(said.result(person.name, said.results[reached.reached]));
      return code;
    } finally {
      interruption.close();
    }
  });
}

function spokenIn(language: Language) {
  const { drill: said } = wordsIn(language);
  return { say: said.sayTest, thanks: said.thanksTest };
}
