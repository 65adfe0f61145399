import { expect, test } from 'vitest';
import { readScriptFile } from '../../src/cli/policy-script.js';
import { simulate } from '../../src/simulate/simulate.js';
import { examples, policyOf, scripts } from '../policy-file/policies.js';
import { useRig } from '../rig/rig.js';
import { perform } from './perform.js';
import { expectSameStory, looksOften } from './same-story.js';

const rig = useRig('timeSkipping');

const policyFile = (script: string): string => `${script.split('.')[0] ?? ''}.yaml`;

/** One of its runs waits a day for a line, and asks a thousand times: too long for a test. */
const TOO_LONG = 'second-flow.not-success.yaml';

test.for(scripts.filter(({ name }) => name !== TOO_LONG))(
  'the workflows make the calls that simulate makes of policies/scripts/$name',
  async ({ name, path }) => {
    const policy = looksOften(policyOf(examples.find((example) => example.name === policyFile(name))?.text ?? ''));
    const reading = readScriptFile(path, policy);
    if (!reading.ok) throw new Error(reading.described.join('\n'));
    const { script } = reading;
    expect.hasAssertions();
    expectSameStory(policy, script, await perform(rig, policy, script, simulate(policy, script)));
  },
);
