const FASTEST_RATE = 3;

/** Reads utterances aloud with the browser's own voice, once somebody asks for it. */
export class Voice {
  #state = 'off';

  get isSupported() {
    return 'speechSynthesis' in window;
  }

  /** @param {'on' | 'off'} state */
  turn(state) {
    this.#state = state;
    if (state === 'off') this.stop();
  }

  /**
   * @param {string} text
   * @param {number} speed of the space
   */
  speak(text, speed) {
    if (this.#state === 'off' || !this.isSupported) return;
    speechSynthesis.cancel();
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text) ? 'ja-JP' : 'en-US';
    utterance.rate = Math.min(Math.max(speed, 1), FASTEST_RATE);
    speechSynthesis.speak(utterance);
  }

  stop() {
    if (this.isSupported) speechSynthesis.cancel();
  }
}
