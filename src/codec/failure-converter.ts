import { DefaultFailureConverter } from '@temporalio/common';

/** For the failures of activities: messages and stack traces become payloads, which the codec encrypts. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
