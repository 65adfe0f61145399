/** @import { PageCall } from '../page-update.js' */
/** @import { SpaceModel } from './space-model.js' */

/**
 * @typedef {object} CallListener
 * @property {(call: PageCall) => void} onRinging
 * @property {(call: PageCall, text: string) => void} onUtterance
 * @property {(call: PageCall) => void} onEnded
 */

/** Tells what begins and ends from one state of the space to the next. */
export class CallEvents {
  /** @type {Map<string, { readonly call: PageCall, readonly heard: number }>} */
  #before = new Map();
  /** @type {CallListener} */
  #listener;

  /** @param {CallListener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** @param {SpaceModel} model */
  compare(model) {
    const live = new Map(model.live().map((call) => [call.callId, call]));
    for (const { call } of this.#before.values()) {
      if (live.has(call.callId)) continue;
      const ended = model.callsOf(call.resultId).find(({ callId }) => callId === call.callId);
      if (ended !== undefined) this.#listener.onEnded(ended);
    }
    for (const call of live.values()) this.#compareLive(call);
    this.#before = new Map([...live].map(([id, call]) => [id, { call, heard: call.transcript?.length ?? 0 }]));
  }

  /** @param {PageCall} call */
  #compareLive(call) {
    const before = this.#before.get(call.callId);
    if (before === undefined && call.phase === 'ringing') this.#listener.onRinging(call);
    const utterances = call.transcript ?? [];
    const last = utterances.at(-1);
    if (last !== undefined && utterances.length > (before?.heard ?? 0)) this.#listener.onUtterance(call, last.text);
  }
}
