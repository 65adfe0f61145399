/** @import { PageCall, PageRun, PageTelephone, PageUpdate } from '../page-update.js' */

/** What the page knows of the space. */
export class SpaceModel {
  /** @type {readonly PageTelephone[]} */
  telephones = [];
  /** @type {readonly PageRun[]} */
  runs = [];
  /** @type {readonly PageCall[]} */
  #calls = [];
  /** @type {ReadonlyMap<string, readonly PageCall[]>} */
  #byRun = new Map();
  /** @type {ReadonlyMap<string, readonly PageCall[]>} */
  #byTelephone = new Map();

  /** @param {PageUpdate} update */
  apply(update) {
    const known = update.kind === 'whole' ? { runs: [], calls: [] } : { runs: this.runs, calls: this.#calls };
    const runs = new Map([...known.runs, ...update.runs].map((run) => [run.resultId, run]));
    const calls = new Map([...known.calls, ...update.calls].map((call) => [call.callId, call]));
    const shown = new Set(update.runIds);

    this.telephones = update.telephones ?? this.telephones;
    this.runs = update.runIds.map((id) => runs.get(id)).filter((run) => run !== undefined);
    this.#calls = [...calls.values()].filter(({ resultId }) => shown.has(resultId)).toSorted(byAge);
    this.#byRun = grouped(this.#calls, ({ resultId }) => resultId);
    this.#byTelephone = grouped(this.#calls, ({ phoneNumber }) => phoneNumber);
  }

  /** Calls that are ringing or talking, oldest first. */
  live() {
    return this.#calls.filter(isLive);
  }

  /**
   * Calls of a run, in order.
   *
   * @param {string} resultId
   */
  callsOf(resultId) {
    return this.#byRun.get(resultId) ?? [];
  }

  /**
   * What a telephone shows: the call in progress (one that talks before one that rings), else the last one; and how many
   * more are in progress at its number.
   *
   * @param {string} phoneNumber
   * @returns {{ readonly call: PageCall | undefined, readonly more: number }}
   */
  callAt(phoneNumber) {
    const calls = this.#byTelephone.get(phoneNumber) ?? [];
    const live = calls.filter(isLive);
    return { call: live.find(isTalking) ?? live[0] ?? calls.at(-1), more: Math.max(0, live.length - 1) };
  }
}

/** @param {PageCall} call */
export function isLive(call) {
  return call.phase !== 'ended' && call.phase !== 'preparing';
}

/** @param {PageCall} call */
export function isTalking(call) {
  return isLive(call) && call.phase !== 'ringing';
}

/**
 * @param {PageCall} one
 * @param {PageCall} other
 */
function byAge(one, other) {
  return one.createdAt - other.createdAt;
}

/**
 * @param {readonly PageCall[]} calls
 * @param {(call: PageCall) => string} keyOf
 */
function grouped(calls, keyOf) {
  /** @type {Map<string, PageCall[]>} */
  const groups = new Map();
  for (const call of calls) {
    const group = groups.get(keyOf(call));
    if (group === undefined) groups.set(keyOf(call), [call]);
    else group.push(call);
  }
  return groups;
}
