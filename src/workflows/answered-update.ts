import { ApplicationFailure, defineUpdate, setHandler } from '@temporalio/workflow';
import type { CompiledValidator } from '../contract/compiled-validator.js';
import { describeErrors } from '../contract/describe-errors.js';
import { FailureType } from '../contract/names.js';

/** An update of a workflow that is kept for ever: an argument that is not valid never becomes an event. */
export function answeredUpdate<Answer>(
  name: string,
  description: string,
  validate: CompiledValidator,
  handle: (argument: unknown) => Promise<Answer>,
): void {
  setHandler(defineUpdate<Answer, [unknown]>(name), (argument) => handle(filled(argument)), {
    description,
    validator: (argument) => {
      if (validate(filled(argument))) return;
      const errors = describeErrors(validate.errors ?? []);
      throw refusal(`${name}: ${errors.join('; ')}`, FailureType.InvalidInput, errors);
    },
  });
}

/** An empty form sends nothing, null or an empty text. */
const filled = (argument: unknown): unknown =>
  argument === undefined || argument === null || argument === '' ? {} : argument;

/** In words alone: the Web UI would show people where in our code it was thrown. */
export function refusal(message: string, type: FailureType, ...details: readonly unknown[]): ApplicationFailure {
  const failure = ApplicationFailure.nonRetryable(message, type, ...details);
  failure.stack = '';
  return failure;
}
