import { expect, test } from 'vitest';
import { readScriptFile } from '../../src/cli/policy-script.js';
import { simulate } from '../../src/simulate/simulate.js';
import { examples, policyOf, scripts } from '../policy/policies.js';
import { useRig } from '../rig/rig.js';
import { perform } from './perform.js';
import { late, looksOften, storyOf, untimely } from './same-story.js';

const rig = useRig('timeSkipping');

const policyFile = (script: string): string => `${script.split('.')[0] ?? ''}.yaml`;

test.for(scripts)(
  'the workflows make the calls that simulate makes of policies/scripts/$name',
  async ({ name, path }) => {
    const policy = looksOften(policyOf(examples.find((example) => example.name === policyFile(name))?.text ?? ''));
    const reading = readScriptFile(path, policy);
    if (!reading.ok) throw new Error(reading.described.join('\n'));
    const earliest = simulate(policy, reading.script);
    const latest = simulate(policy, late(policy, reading.script));
    expect(storyOf(policy, latest), 'a script must not depend on seconds').toEqual(storyOf(policy, earliest));

    const real = await perform(rig, policy, reading.script, earliest);

    expect(storyOf(policy, real)).toEqual(storyOf(policy, earliest));
    expect(untimely(policy, real, earliest, latest)).toEqual([]);
  },
);
