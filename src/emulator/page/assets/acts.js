/** @typedef {'done' | 'tooLate' | 'counted' | 'readAgain' | 'notCounted' | 'failed'} Effect */

const EFFECTS = /** @type {const} */ (['done', 'tooLate', 'counted', 'readAgain', 'notCounted']);

/**
 * Acts at the telephone of a call; never rejects.
 *
 * @param {string} callId
 * @param {'pick-up' | 'press' | 'hang-up'} act
 * @param {{ readonly key?: string }} [body]
 * @returns {Promise<Effect>}
 */
export async function actAt(callId, act, body = {}) {
  try {
    const response = await fetch(`page/calls/${encodeURIComponent(callId)}/${act}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { effect } = await response.json();
    return EFFECTS.find((known) => known === effect) ?? 'failed';
  } catch {
    return 'failed';
  }
}
