import { knownSeverity, normalWord, SEVERITIES, type Severity } from '../contract/severity.js';
import type { Reading } from '../yaml-file/problem.js';
import { describeLocated, shortened, type Located } from '../yaml-file/located.js';
import type { OwnSeverities } from '../alerts/state-words.js';
import { readSeverity } from './read-when.js';
import { MOST } from './routes-file-schema.js';

/** `severities` of a routing file: what words of one's own mean. */
export function readSeverities(located: Located, reading: Reading): OwnSeverities {
  const own = new Map<string, Severity>();
  if (located.kind !== 'map' || located.entries.length === 0) {
    reading.error(
      'no-mapping',
      located.place,
      `\`severities\` gives each word a severity, such as { 警戒: critical }; here stands ${describeLocated(located)}`,
    );
    return own;
  }
  if (located.entries.length > MOST.values) {
    reading.error(
      'too-many',
      located.place,
      `\`severities\` has ${located.entries.length} words; at most ${MOST.values} are possible`,
    );
    return own;
  }
  for (const { key, keyPlace, value } of located.entries) {
    const word = normalWord(key);
    const severity = readSeverity(value, reading);
    if (word === '') reading.error('no-word', keyPlace, `"${shortened(key)}" is no word; write what the sender writes`);
    if (own.has(word)) {
      reading.error(
        'word-twice',
        keyPlace,
        `"${shortened(key)}" is the same word as one above: case, blanks, "_" and "-" do not count; remove one of the two`,
      );
    }
    if (severity === undefined || word === '') continue;
    own.set(word, severity.value);
    const usual = knownSeverity(word);
    if (usual === undefined || SEVERITIES.indexOf(severity.value) <= SEVERITIES.indexOf(usual)) continue;
    reading.warning(
      'milder-word',
      keyPlace,
      `"${shortened(key)}" is ${usual} everywhere else, and only ${severity.value} here: alerts of all sources become milder by it`,
    );
  }
  return own;
}
