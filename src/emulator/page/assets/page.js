import { Announcer } from './announcer.js';
import { CallEvents } from './call-events.js';
import { Desk } from './desk.js';
import { part } from './element.js';
import { followEvents } from './event-stream.js';
import { useKeyboard } from './keyboard.js';
import { currentLanguage, say, sayWord, switchLanguage, translate } from './language.js';
import { RunBook } from './run-book.js';
import { Sounds } from './sounds.js';
import { SpaceModel } from './space-model.js';
import { SpaceTime } from './space-time.js';
import { Strip } from './strip.js';
import { Voice } from './voice.js';

/** How often the read-along moves for those who want little motion. */
const CALM_TICK_MS = 500;

const model = new SpaceModel();
const time = new SpaceTime();
const sounds = new Sounds();
const voice = new Voice();
const announcer = new Announcer();
const desk = new Desk({ onKey: (key) => sounds.key(key) });
const runBook = new RunBook();
const strip = new Strip(({ callId }) => desk.cardOf(callId)?.focus());
const calm = matchMedia('(prefers-reduced-motion: reduce)');
/** @type {import('./strip.js').Connection} */
let connection = 'connecting';
let ticking = false;

const events = new CallEvents({
  onRinging: ({ contact }) => announcer.sayNow(say('announceRinging', { name: contact })),
  onUtterance(_, text) {
    announcer.saySoon(text);
    voice.speak(text, time.speed);
  },
  onEnded({ contact, status }) {
    announcer.saySoon(say('announceEnded', { name: contact, status: sayWord('call', status) }));
    voice.stop();
  },
});

function show() {
  desk.show(model);
  runBook.show(model);
  strip.show(model, connection);
  tick();
}

// Moves automatically only while there is something to follow.
function tick() {
  desk.tick(time.now());
  if (ticking || connection !== 'connected' || model.live().length === 0) return;
  ticking = true;
  const again = () => {
    ticking = false;
    tick();
  };
  if (calm.matches) setTimeout(again, CALM_TICK_MS);
  else requestAnimationFrame(again);
}

function showLanguage() {
  document.documentElement.lang = currentLanguage();
  const other = part(document, '#language', HTMLButtonElement);
  other.textContent = currentLanguage() === 'ja' ? 'English' : '日本語';
  other.lang = currentLanguage() === 'ja' ? 'en' : 'ja';
  translate(document);
  show();
}

/**
 * @param {string} id
 * @param {(state: 'on' | 'off') => void} [onTurn]
 * @returns {() => boolean} whether it is on
 */
function toggle(id, onTurn) {
  const button = part(document, `#${id}`, HTMLButtonElement);
  button.addEventListener('click', () => {
    button.ariaPressed = button.ariaPressed === 'true' ? 'false' : 'true';
    onTurn?.(button.ariaPressed === 'true' ? 'on' : 'off');
  });
  return () => button.ariaPressed === 'true';
}

toggle('sound', (state) => void sounds.turn(state));
toggle('voice', (state) => voice.turn(state));
part(document, '#voice', HTMLButtonElement).hidden = !voice.isSupported;
useKeyboard(desk, {
  enabled: toggle('shortcuts'),
  onSeveral() {
    announcer.sayNow(say('chooseTelephone'));
    strip.tell(say('chooseTelephone'));
  },
});
part(document, '#language', HTMLButtonElement).addEventListener('click', () => {
  switchLanguage();
  showLanguage();
});

showLanguage();
followEvents({
  onUpdate(update) {
    time.tell(update.time);
    model.apply(update);
    events.compare(model);
    sounds.bell(model.live().some(({ phase }) => phase === 'ringing') ? 'ringing' : 'quiet');
    show();
  },
  onTime(told) {
    time.tell(told);
    tick();
  },
  onConnection(state) {
    if (state === connection) return;
    connection = state;
    if (state === 'lost') {
      sounds.bell('quiet');
      voice.stop();
    }
    show();
  },
});
