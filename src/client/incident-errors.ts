/** Every way in which an incident cannot be opened, asked or followed, one class each. No message holds a telephone number. */
import { PigeonflowError } from './errors.js';

/** What was given does not fit the contract; nothing was done. What to do: correct each of `problems`, which name the field. */
export class IncidentInputInvalid extends PigeonflowError {
  override readonly name = 'IncidentInputInvalid';
  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`What the incident was given is not valid: ${problems.join('; ')}`, options);
  }
}

/** There is no incident of this id: never opened, or removed after the retention of its namespace. */
export class IncidentNotFound extends PigeonflowError {
  override readonly name = 'IncidentNotFound';
}

/**
 * The last incident of this id is over, but still hangs up its telephones, so that a new one cannot open yet. What to do:
 * open it again in a moment; with the same input that is safe.
 */
export class IncidentStillClosing extends PigeonflowError {
  override readonly name = 'IncidentStillClosing';
  constructor(
    readonly incidentId: string,
    options?: ErrorOptions,
  ) {
    super(
      `The last incident ${incidentId} is over, but still hangs up its telephones: a new one was NOT opened. Try again in a moment; the same input opens it once.`,
      options,
    );
  }
}

/**
 * Somebody terminated the workflow in Temporal, which hangs up nothing. What to do: abort the runs in Pigeon whose
 * parameter `pigeonflowRef` begins with the id of the incident, and open it anew if nobody takes care of it.
 */
export class IncidentTerminated extends PigeonflowError {
  override readonly name = 'IncidentTerminated';
  constructor(incidentId: string, options?: ErrorOptions) {
    super(
      `The incident ${incidentId} was terminated in Temporal, which hangs up nothing: a telephone may still ring, and nobody else is called. Abort the runs in Pigeon whose parameter pigeonflowRef begins with this id.`,
      options,
    );
  }
}

/** The workflow ended in a way that `incident` does not end in. See `cause`. */
export class IncidentFailed extends PigeonflowError {
  override readonly name = 'IncidentFailed';
  constructor(incidentId: string, why: string, options?: ErrorOptions) {
    super(
      `The incident ${incidentId} failed: ${why}. Nobody is called any more, and a telephone may still ring: look at its history in Temporal.`,
      options,
    );
  }
}
