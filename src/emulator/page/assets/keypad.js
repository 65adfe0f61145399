import { setText } from './element.js';
import { say, sayWord } from './language.js';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** The twelve keys, and what those do that the guidance gives something to do. */
export class Keypad {
  /** @type {Map<string, { readonly button: HTMLButtonElement, readonly does: HTMLElement }>} */
  #keys = new Map();
  /** @type {HTMLElement} */
  #legend;

  /**
   * @param {HTMLElement} pad
   * @param {HTMLElement} legend
   * @param {(key: string) => void} press
   */
  constructor(pad, legend, press) {
    this.#legend = legend;
    for (const key of KEYS) {
      const button = document.createElement('button');
      const digit = document.createElement('span');
      const does = document.createElement('span');
      button.type = 'button';
      button.dataset['key'] = key;
      digit.className = 'digit';
      digit.textContent = key;
      does.className = 'does';
      button.append(digit, does);
      button.addEventListener('click', () => press(key));
      pad.append(button);
      this.#keys.set(key, { button, does });
    }
  }

  /**
   * @param {Readonly<Record<string, string>>} behaviours
   * @param {{ readonly pressed: string | undefined, readonly enabled: boolean }} state
   */
  show(behaviours, { pressed, enabled }) {
    for (const [key, { button, does }] of this.#keys) {
      const behaviour = behaviours[key];
      button.disabled = !enabled;
      button.classList.toggle('assigned', behaviour !== undefined);
      button.classList.toggle('pressed', key === pressed);
      setText(does, behaviour === undefined ? '' : sayWord('does', behaviour));
      const label =
        behaviour === undefined
          ? say('keyLabel', { key })
          : say('keyLabelDoes', { key, does: sayWord('does', behaviour) });
      if (button.ariaLabel !== label) button.ariaLabel = label;
    }
    this.#explain(behaviours);
  }

  /** @param {Readonly<Record<string, string>>} behaviours */
  #explain(behaviours) {
    const assigned = KEYS.filter((key) => behaviours[key] !== undefined);
    const lines = assigned.map((key) => [key, sayWord('explain', behaviours[key] ?? '')]);
    const said = JSON.stringify(lines);
    if (this.#legend.dataset['said'] === said) return;
    this.#legend.dataset['said'] = said;
    this.#legend.replaceChildren(
      ...lines.map(([key, explained]) => {
        const line = document.createElement('div');
        const term = document.createElement('dt');
        const meaning = document.createElement('dd');
        term.textContent = key ?? '';
        meaning.textContent = explained ?? '';
        line.append(term, meaning);
        return line;
      }),
    );
  }
}
