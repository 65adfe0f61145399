import { expect, test } from 'vitest';
import { simulate } from '../../src/simulate/simulate.js';
import { examples, policyOf, scripts } from '../policy/policies.js';
import { scriptOf } from '../policy/script-of.js';
import { useRig } from '../rig/rig.js';
import { perform } from './perform.js';
import { late, looksOften, storyOf, untimely } from './same-story.js';

const rig = useRig('timeSkipping');

const policyFile = (script: string): string => `${script.split('.')[0] ?? ''}.yaml`;

test.for(scripts)(
  'the workflows make the calls that simulate makes of policies/scripts/$name',
  async ({ name, text }) => {
    const policy = looksOften(policyOf(examples.find((example) => example.name === policyFile(name))?.text ?? ''));
    const script = scriptOf(policy, text);
    const earliest = simulate(policy, script);
    const latest = simulate(policy, late(policy, script));
    expect(storyOf(policy, latest), 'a script must not depend on seconds').toEqual(storyOf(policy, earliest));

    const real = await perform(rig, policy, script, earliest);

    expect(storyOf(policy, real)).toEqual(storyOf(policy, earliest));
    expect(untimely(policy, real, earliest, latest)).toEqual([]);
  },
);
