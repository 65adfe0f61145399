/** Every way in which a call or an incident cannot be started, asked, followed or stopped, one class each. No message holds a telephone number. */

/** The parent of all errors of this client: `error instanceof PigeonflowError`. */
export abstract class PigeonflowError extends Error {
  abstract override readonly name: string;
}

/** The id of a call is empty or too long. Nothing was started. What to do: shorten it, or hash what it is made from. */
export class InvalidCallId extends PigeonflowError {
  override readonly name = 'InvalidCallId';
  constructor(bytes: number, max: number) {
    super(`The id of a call must have 1 to ${max} bytes, and this one has ${bytes}: shorten or hash it.`);
  }
}

/** The input does not fit the contract; nothing was called. What to do: correct each of `problems`, which name the field. */
export class CallInputInvalid extends PigeonflowError {
  override readonly name = 'CallInputInvalid';
  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`The input of the call is not valid: ${problems.join('; ')}`, options);
  }
}

/**
 * Pigeon refused what this call asks for (400, 404, 422), such as an id of a guidance that it does not have; nobody was
 * called. What to do: correct the call; the message has Pigeon's own words.
 */
export class CallRefused extends PigeonflowError {
  override readonly name = 'CallRefused';
}

/** Somebody hung up: this client's `hangUp`, or a cancellation in Temporal. The run in Pigeon was aborted, if there was one. */
export class CallCancelled extends PigeonflowError {
  override readonly name = 'CallCancelled';
  constructor(callId: string, options?: ErrorOptions) {
    super(`The call ${callId} was cancelled and hung up.`, options);
  }
}

/**
 * Somebody terminated the workflow in Temporal, which hangs up nothing. What to do: if the telephone still rings, abort
 * the run in Pigeon; its parameter `pigeonflowRef` begins with the id of the call.
 */
export class CallTerminated extends PigeonflowError {
  override readonly name = 'CallTerminated';
  constructor(callId: string, options?: ErrorOptions) {
    super(
      `The call ${callId} was terminated in Temporal, which hangs up nothing: a telephone may still ring. Abort the run in Pigeon whose parameter pigeonflowRef begins with this id.`,
      options,
    );
  }
}

/** The workflow ended in a way that `pigeonCall` does not end in, such as a time-out that its starter gave it. See `cause`. */
export class CallFailed extends PigeonflowError {
  override readonly name = 'CallFailed';
  constructor(callId: string, why: string, options?: ErrorOptions) {
    super(
      `The call ${callId} failed: ${why}. It is not known whether a telephone rings: look at its history in Temporal.`,
      options,
    );
  }
}

/** There is no call of this id: never started, or removed after the retention of its namespace. */
export class CallNotFound extends PigeonflowError {
  override readonly name = 'CallNotFound';
}

/**
 * No worker polls a task queue that has work for this call or incident, so nothing happens to it and nobody answers.
 * What to do: start a worker for `taskQueue`, or correct the queue; it then continues automatically.
 */
export class NoWorker extends PigeonflowError {
  override readonly name = 'NoWorker';
  constructor(
    readonly taskQueue: string,
    options?: ErrorOptions,
  ) {
    super(
      `No worker polls the task queue ${taskQueue}, so nothing happens. Start one: pigeonflow worker, whose PIGEONFLOW_TASK_QUEUE or PIGEONFLOW_INVOKE_TASK_QUEUE is this queue.`,
      options,
    );
  }
}

/** Workers poll, as far as Temporal knows, and none answered in time: busy, restarting, or gone a moment ago. */
export class NoAnswer extends PigeonflowError {
  override readonly name = 'NoAnswer';
  constructor(taskQueue: string, why: string, options?: ErrorOptions) {
    super(`No worker of the task queue ${taskQueue} answers (${why}): all are busy, or have just gone.`, options);
  }
}

/** Temporal cannot be reached, or stopped answering. A start that ended so can be repeated safely with the same id. */
export class TemporalUnreachable extends PigeonflowError {
  override readonly name = 'TemporalUnreachable';
  constructor(
    readonly address: string,
    why: string,
    options?: ErrorOptions,
  ) {
    super(
      `Temporal at ${address} cannot be reached (${why}). Check that it runs, TEMPORAL_ADDRESS, TEMPORAL_TLS_* and the network.`,
      options,
    );
  }
}

/** Temporal answers and refuses: no such namespace, no permission, wrong API key or certificate. */
export class TemporalRefused extends PigeonflowError {
  override readonly name = 'TemporalRefused';
}

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
 * parameter `pigeonflowRef` begins with the id of the incident, and open it again if nobody takes care of it.
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

/** What was given does not fit an override; nothing was changed. What to do: correct each of `problems`, which name the field. */
export class DutyInputInvalid extends PigeonflowError {
  override readonly name = 'DutyInputInvalid';
  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`What was given for the override is not valid: ${problems.join('; ')}`, options);
  }
}

/** What was given does not fit a silence; nothing was changed. What to do: correct each of `problems`, which name the field. */
export class SilenceInputInvalid extends PigeonflowError {
  override readonly name = 'SilenceInputInvalid';
  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`What was given for the silence is not valid: ${problems.join('; ')}`, options);
  }
}
