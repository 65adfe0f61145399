/** @import { PageCall, PageRun } from '../page-update.js' */
/** @import { SpaceModel } from './space-model.js' */
import { arrange, copyOf, part, setText } from './element.js';
import { currentLanguage, say, sayWord, translate } from './language.js';
import { lengthText } from './space-time.js';

/** The runs, newest first, each with the history of its calls. */
export class RunBook {
  /** @type {Map<string, RunEntry>} */
  #entries = new Map();
  #list = part(document, '#runs', HTMLElement);
  #empty = part(document, '#no-runs', HTMLElement);

  /** @param {SpaceModel} model */
  show(model) {
    this.#entries = new Map(
      model.runs.map((run, index) => {
        const entry = this.#entries.get(run.resultId) ?? new RunEntry();
        entry.show(run, model.callsOf(run.resultId), index === 0 ? 'newest' : 'older');
        return [run.resultId, entry];
      }),
    );
    this.#empty.hidden = this.#entries.size > 0;
    arrange(
      this.#list,
      [...this.#entries.values()].map(({ element }) => element),
    );
  }
}

class RunEntry {
  element = copyOf('run-template');
  #details = part(this.element, 'details', HTMLDetailsElement);
  #rows = part(this.element, 'tbody', HTMLElement);
  #opened = 'byItself';
  /** @type {readonly [run: PageRun, calls: readonly PageCall[]] | undefined} */
  #shown;

  constructor() {
    part(this.element, 'summary', HTMLElement).addEventListener('click', () => (this.#opened = 'byHand'));
    // The calls of closed entries are not in the page: a run can have a thousand.
    this.#details.addEventListener('toggle', () => this.#showCalls());
  }

  /**
   * @param {PageRun} run
   * @param {readonly PageCall[]} calls
   * @param {'newest' | 'older'} age
   */
  show(run, calls, age) {
    this.#shown = [run, calls];
    translate(this.element);
    showStatus(part(this.element, '.status', HTMLElement), 'run', run.status);
    setText(this.#part('.gist'), gistOf(run, calls));
    showTime(part(this.element, '.when', HTMLTimeElement), run.requestedAt);
    setText(this.#part('code'), run.resultId);
    this.#part('.waiting').hidden = run.status !== 'waiting';
    // Somebody who has opened or closed an entry decides from then on.
    if (this.#opened === 'byItself') this.#details.open = age === 'newest' || run.status === 'started';
    this.#showCalls();
  }

  #showCalls() {
    const calls = this.#details.open ? (this.#shown?.[1] ?? []) : [];
    this.#part('table').hidden = calls.length === 0;
    while (this.#rows.children.length > calls.length) this.#rows.lastElementChild?.remove();
    for (const [index, call] of calls.entries()) {
      const row = this.#rows.children[index] ?? this.#rows.appendChild(copyOf('call-template'));
      showCall(row, call);
    }
  }

  /** @param {string} selector */
  #part(selector) {
    return part(this.element, selector, HTMLElement);
  }
}

/**
 * @param {Element} row
 * @param {PageCall} call
 */
function showCall(row, { contact, phoneNumber, loop, status, keyInput, createdAt, finishedAt }) {
  setText(part(row, '.pass', HTMLElement), String(loop));
  setText(part(row, '.contact-name', HTMLElement), contact);
  setText(part(row, '.contact-number', HTMLElement), phoneNumber);
  showStatus(part(row, '.status', HTMLElement), 'call', status);
  setText(part(row, '.key', HTMLElement), keyInput ?? '–');
  showTime(part(row, 'time', HTMLTimeElement), createdAt);
  setText(part(row, '.lasted', HTMLElement), finishedAt === undefined ? '' : lengthText(finishedAt - createdAt));
}

/**
 * @param {PageRun} run
 * @param {readonly PageCall[]} calls
 */
function gistOf({ status, keyInput, receivedContactName: name }, calls) {
  if (name !== undefined)
    return keyInput === undefined ? say('gistName', { name }) : say('gistKey', { name, key: keyInput });
  const last = calls.at(-1);
  if (last === undefined) return say('gistNone');
  return status === 'started' ? say('gistName', { name: last.contact }) : say('gistCalls', { count: calls.length });
}

/**
 * The API's own word stays within reach, since it is what programs see.
 *
 * @param {HTMLElement} element
 * @param {'run' | 'call'} kind
 * @param {string} status
 */
function showStatus(element, kind, status) {
  setText(element, sayWord(kind, status));
  element.dataset['status'] = status;
  element.title = status;
}

/**
 * @param {HTMLTimeElement} element
 * @param {number} ms
 */
function showTime(element, ms) {
  const time = new Date(ms);
  element.dateTime = time.toISOString();
  element.title = time.toISOString();
  setText(element, time.toLocaleTimeString(currentLanguage(), { hour12: false }));
}
