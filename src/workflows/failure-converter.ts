import { DefaultFailureConverter } from '@temporalio/common';

/** Set by the worker in front of the bundle, since workflows cannot read its configuration. */
declare global {
  var pigeonflowEncodeFailures: boolean | undefined;
}

/** For the failures of workflows: with encryption, messages and stack traces become payloads, which the codec encrypts. */
export const failureConverter = new DefaultFailureConverter({
  encodeCommonAttributes: globalThis.pigeonflowEncodeFailures ?? false,
});
