import type { Emulator, RequestEntry } from '../../src/emulator/emulator.js';
import type { PigeonCallInput } from '../../src/contract/pigeon-call-schema.js';
import type { Step, StepCall } from '../../src/contract/policy-schema.js';

/** One person; both keys end the call. */
export function callTo(
  phoneNumber: string,
  waitTime: number,
): Pick<PigeonCallInput, 'callflow' | 'guidance' | 'waitTime'> {
  return {
    callflow: { loopLimit: 1, contacts: [{ displayName: '田中', phones: [{ phoneNumber }] }] },
    guidance: {
      messageTemplate: '障害です。',
      reactions: { 1: { behavior: 'terminate' }, 2: { behavior: 'terminate' } },
    },
    waitTime,
  };
}

/** Key 1 takes it, key 2 hands it on to the next step, where there is one. */
export function stepOf(call: StepCall, next?: string): Step {
  return {
    call: [call],
    attempts: 1,
    every: '1m',
    keys: {
      1: { kind: 'acknowledge' },
      2: next === undefined ? { kind: 'acknowledge' } : { kind: 'escalate', step: next },
    },
    otherwise: { kind: 'exhausted' },
  };
}

/** Every POST that asks for a call of {@link callTo} to this number, whatever became of it. */
export function postsTo({ journal }: Emulator, number: string): readonly RequestEntry[] {
  return journal.invokes().filter(({ body }) => {
    const { params } = body as { readonly params: { readonly callflow?: StepCall['callflow'] } };
    return params.callflow?.contacts[0]?.phones[0]?.phoneNumber === number;
  });
}
