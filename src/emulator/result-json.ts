import type { Call } from './call.js';
import type { JsonObject } from './json-value.js';
import type { Run } from './run.js';
import type { Switches } from './switches.js';

/** The answer to `GET results/{resultId}`. */
export function resultJson(run: Run, switches: Switches): JsonObject {
  const status = switches.runStatusWords[run.status];
  const isActive = switches.isActive === 'always' ? { isActive: run.finishedAt === undefined } : {};
  const { parameters } = run.order;
  switch (switches.resultShape) {
    case 'minimal':
      return presented({ ...isActive, status, keyInput: run.keyInput, parameters }, switches);
    case 'proposed':
      return presented(
        {
          resultId: run.resultId,
          ...isActive,
          status,
          keyInput: run.keyInput,
          receivedContactName: run.receivedContactName,
          callflow: run.order.callflow,
          guidance: run.order.guidance,
          parameters,
          startedAt: timestamp(run.startedAt),
          finishedAt: timestamp(run.finishedAt),
          calls: run.calls.map((call) => presented(callFacts(call), switches)),
        },
        switches,
      );
    default:
      return switches.resultShape satisfies never;
  }
}

/** One telephone call as an item of `GET calls`. */
export function callJson(call: Call, switches: Switches): JsonObject {
  const { callId, resultId } = call.placed;
  if (switches.callsShape === 'minimal') return { status: call.status, resultId };
  return presented({ callId, resultId, ...callFacts(call) }, switches);
}

/** A run that waits for a line, where it is in `GET calls` like a call. */
export function waitingJson(resultId: string, switches: Switches): JsonObject {
  const status = switches.waitingCallWord;
  if (switches.callsShape === 'minimal') return { status, resultId };
  return presented({ callId: undefined, resultId, status, ...NOT_CALLED_YET }, switches);
}

const NOT_CALLED_YET = {
  contact: undefined,
  phoneNumber: undefined,
  keyInput: undefined,
  loop: undefined,
  startedAt: undefined,
  finishedAt: undefined,
};

function callFacts(call: Call): JsonObject {
  return {
    status: call.status,
    contact: call.placed.contact,
    phoneNumber: call.placed.phoneNumber,
    // Known only when the call has ended: while its sentence is read, the call is still `calling`.
    keyInput: call.finishedAt === undefined ? undefined : call.choice?.key,
    loop: call.placed.loop,
    startedAt: timestamp(call.createdAt),
    finishedAt: timestamp(call.finishedAt),
  };
}

function timestamp(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}

function presented(json: JsonObject, switches: Switches): JsonObject {
  if (switches.emptyValues === 'null') {
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, value ?? null]));
  }
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined));
}
