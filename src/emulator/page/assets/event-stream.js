/** @import { PageTime, PageUpdate } from '../page-update.js' */

/** The emulator is heard every second; a connection that is silent for longer is dead, even if nobody has closed it. */
const SILENCE_MS = 5_000;

const PAUSE_MS = 1_000;

/**
 * @typedef {object} Listener
 * @property {(update: PageUpdate) => void} onUpdate
 * @property {(time: PageTime) => void} onTime
 * @property {(state: 'connected' | 'lost') => void} onConnection
 */

/**
 * Follows the emulator for as long as the page is open, across its restarts.
 *
 * @param {Listener} listener
 */
export function followEvents({ onUpdate, onTime, onConnection }) {
  const source = new EventSource('page/events');
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let silence;

  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(anew, SILENCE_MS);
  };
  // The browser connects again automatically only after some of the ways in which a stream can end.
  const anew = () => {
    clearTimeout(silence);
    source.close();
    onConnection('lost');
    setTimeout(() => followEvents({ onUpdate, onTime, onConnection }), PAUSE_MS);
  };

  source.addEventListener('error', anew);
  source.addEventListener('update', (event) => {
    heard();
    onConnection('connected');
    onUpdate(JSON.parse(event.data));
  });
  source.addEventListener('time', (event) => {
    heard();
    onTime(JSON.parse(event.data));
  });
  heard();
}
