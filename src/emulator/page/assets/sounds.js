// The ring of Japanese telephones: 400 Hz that trembles at 16 Hz, one second in three.
const RING_HZ = 400;
const TREMBLE_HZ = 16;
const RING_SECONDS = 1;
const RING_EVERY_MS = 3_000;

// The two tones of each key (ITU-T Q.23).
const ROWS_HZ = [697, 770, 852, 941];
const COLUMNS_HZ = [1209, 1336, 1477];
const KEYS = '123456789*0#';
const TONE_SECONDS = 0.12;

const QUIET = 0.06;

/** The bell and the tones of the keys, once somebody asks for them. */
export class Sounds {
  /** @type {AudioContext | undefined} */
  #audio;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ringing;
  /** @type {'ringing' | 'quiet'} */
  #wanted = 'quiet';

  /** @param {'on' | 'off'} state browsers allow `on` only while a click or a key is being handled */
  async turn(state) {
    if (state === 'on') {
      this.#audio ??= new AudioContext();
      await this.#audio.resume();
    } else {
      const audio = this.#audio;
      this.#audio = undefined;
      await audio?.close();
    }
    this.bell(this.#wanted);
  }

  /** @param {'ringing' | 'quiet'} wanted */
  bell(wanted) {
    this.#wanted = wanted;
    if (wanted === 'quiet' || this.#audio === undefined) {
      clearInterval(this.#ringing);
      this.#ringing = undefined;
    } else if (this.#ringing === undefined) {
      this.#ring();
      this.#ringing = setInterval(() => this.#ring(), RING_EVERY_MS);
    }
  }

  /** @param {string} key */
  key(key) {
    const index = KEYS.indexOf(key);
    if (index < 0) return;
    for (const hz of [ROWS_HZ[Math.floor(index / 3)], COLUMNS_HZ[index % 3]]) {
      if (hz !== undefined) this.#tone(hz, TONE_SECONDS);
    }
  }

  #ring() {
    const loudness = this.#tone(RING_HZ, RING_SECONDS);
    if (loudness === undefined || this.#audio === undefined) return;
    const tremble = this.#audio.createOscillator();
    const depth = this.#audio.createGain();
    tremble.frequency.value = TREMBLE_HZ;
    depth.gain.value = QUIET / 2;
    tremble.connect(depth).connect(loudness);
    tremble.start();
    tremble.stop(this.#audio.currentTime + RING_SECONDS);
  }

  /**
   * @param {number} hz
   * @param {number} seconds
   * @returns {AudioParam | undefined} its loudness
   */
  #tone(hz, seconds) {
    if (this.#audio === undefined) return undefined;
    const tone = this.#audio.createOscillator();
    const volume = this.#audio.createGain();
    tone.frequency.value = hz;
    volume.gain.value = QUIET;
    tone.connect(volume).connect(this.#audio.destination);
    tone.start();
    tone.stop(this.#audio.currentTime + seconds);
    return volume.gain;
  }
}
