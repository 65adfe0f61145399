/** What is wrong in parts of a policy file where the general sentence would not help, or where the writing counts. */
import { describeLocated, shortened, type Located, type LocatedEntry } from '../yaml-file/located.js';
import type { Path, Refusal, Says } from '../yaml-file/schema.js';
import { readTelephoneNumber } from './telephone-number.js';

type Refuse = NonNullable<Says['refuse']>;

const one = (code: string, message: string): readonly Refusal[] => [{ code, message }];

export const refuseNoMapping =
  (what: (path: Path) => string): Refuse =>
  (written, path) =>
    written.kind === 'map' ? [] : one('no-mapping', `${what(path)}; here stands ${describeLocated(written)}`);

export const refuseWorse: Refuse = (written) =>
  written.kind === 'scalar' && (written.value === 'call' || written.value === 'note')
    ? 'fine'
    : one(
        'worse',
        `here stands ${describeLocated(written)}; write worse: call (who owns it is called again) or worse: note`,
      );

export const refuseAfter: Refuse = (written) =>
  written.kind === 'map' || (written.kind === 'scalar' && typeof written.value === 'string')
    ? []
    : one(
        'no-delay',
        `\`after\` is a time, such as after: 2m, or one for each severity, such as { warning: 10m, error: 2m }; here stands ${describeLocated(written)}`,
      );

export const refuseNobody: Refuse = (written) => {
  if (written.kind === 'scalar' && written.value === 'otherwise') return 'fine';
  const isHold = written.kind === 'scalar' && written.value === 'hold';
  const what = isHold
    ? '`hold`, which waits until somebody is on duty, does not exist yet'
    : `here stands ${describeLocated(written)}`;
  return one('nobody', `${what}; write nobody: otherwise, which calls the next level at once, or remove the line`);
};

export const refuseScalarCall: Refuse = (written) =>
  written.kind === 'scalar'
    ? one(
        'no-call',
        `a call says whom to call and what to read, such as { contacts: [tanaka], say: "…" }; here stands ${describeLocated(written)}`,
      )
    : [];

export const refuseCalls =
  (most: number): Refuse =>
  (written) => {
    if (written.kind !== 'list') return [];
    const { length } = written.items;
    if (length === 0) return one('nobody', 'nobody would be called: the list is empty; write at least one call');
    const why = 'put several contacts into one call, they are called one after the other';
    return length <= most
      ? []
      : one('too-many-calls', `at most ${most} calls can be placed at the same time, and here stand ${length}; ${why}`);
  };

/** The handles that a call names. */
export const refuseCallees =
  (most: number): Refuse =>
  (written) => {
    if (written.kind !== 'list') {
      const wanted = '`contacts` of a call is a list of handles, such as [tanaka, yamada]';
      return one('no-list', `${wanted}; here stands ${describeLocated(written)}`);
    }
    const { length } = written.items;
    if (length === 0) return one('nobody', 'nobody would be called; name at least one contact, such as [tanaka]');
    return length <= most
      ? []
      : one(
          'too-many-contacts',
          `a call has at most ${most} contacts, and here stand ${length}; the last would be called tomorrow`,
        );
  };

export const refuseCallee: Refuse = (written) => {
  if (written.kind === 'map' && written.entries.some(({ key }) => key === 'onDuty')) return [];
  if (written.kind === 'scalar' && typeof written.value === 'string') return [];
  const instead =
    written.kind === 'scalar' && written.value !== null
      ? `if it is one, put it in quotes: "${shortened(written.written)}"`
      : 'describe the person once under `contacts` at the top of the file';
  return one(
    'no-handle',
    `a call names its contacts by their handle, and here stands ${describeLocated(written)}; ${instead}`,
  );
};

/** Words that stand for people of whom no name is known. */
const NOBODY = ['external', 'nobody', 'unknown'];

export const refuseName =
  (contactOf: (path: Path) => string): Refuse =>
  (written, path) => {
    const name = written.kind === 'scalar' ? String(written.value).trim() : '';
    return NOBODY.includes(name)
      ? one(
          'name-taken',
          `the name of ${contactOf(path)} cannot be "${name}": results say so of people whose name nobody knows; choose another`,
        )
      : [];
  };

/**
 * Digits that somebody dials: without quotes YAML would make a number of them.
 *
 * @param example How it is written.
 */
export const refusePhone =
  (contactOf: (path: Path) => string, example = 'phone: "…"'): Refuse =>
  (written, path) => {
    const said = `the number of ${contactOf(path)}`;
    if (written.kind !== 'scalar' || written.value === null || typeof written.value === 'boolean') {
      const found = written.kind === 'scalar' && written.value === null ? 'nothing' : describeLocated(written);
      return one('no-number', `${said} is missing: here stands ${found}; write it in quotes, such as "0300000001"`);
    }
    if (!written.quoted && /^[“”„‘’＂＇「『]/.test(written.written)) {
      return one(
        'no-quotes-of-yaml',
        `${said} is in quotes that YAML does not know (${written.written.slice(0, 1)}); write the plain ones: "…"`,
      );
    }
    if (!written.quoted) {
      return one(
        'number-without-quotes',
        `${said} must be in quotes: ${example}. Without them YAML reads a number and drops its leading 0 or its "+", and somebody else is called`,
      );
    }
    const number = readTelephoneNumber(written.written);
    return number.ok ? 'fine' : one('number-not-diallable', `${said} cannot be dialled: ${number.why}`);
  };

/** The names that every incident brings. */
export const refuseNames =
  (most: number): Refuse =>
  (written) => {
    if (written.kind !== 'list') {
      const values = written.kind === 'map' ? '; values belong into the `parameters` of a call' : '';
      const wanted = '`parameters` at the top lists the names that every incident brings, such as [server, incident]';
      return one('no-list', `${wanted}; here stands ${describeLocated(written)}${values}`);
    }
    const { length } = written.items;
    if (length > most) {
      const brings = `an incident brings at most ${most} parameters, and here stand ${length}`;
      return one('too-many-parameters', `${brings}; list those that texts use`);
    }
    return [];
  };

const OURS = 'pigeonflowRef';
const RESERVED: Refusal = {
  code: 'reserved',
  message: `the parameter "${OURS}" is pigeonflow's own: it marks each call; take another name`,
};

export const refuseReserved = ({ key }: LocatedEntry): Refusal | undefined => (key === OURS ? RESERVED : undefined);
export const refuseReservedValue: Refuse = (written) =>
  written.kind === 'scalar' && written.value === OURS ? [RESERVED] : [];

/** The value of a parameter of a call. */
export const refuseParameter =
  (most: number): Refuse =>
  (written, path) => {
    const what = `the parameter "${shortened(String(path.at(-1)))}"`;
    if (written.kind !== 'scalar' || written.value === null) {
      const wanted = `${what} must be text, a number, true or false`;
      return one('no-value', `${wanted}; here stands ${describeLocated(written)}`);
    }
    const { value } = written;
    if (typeof value === 'number' && String(value) !== written.written)
      return one('changed-number', wouldBeRead(what, value, written.written));
    if (typeof value === 'string' && value.length > most)
      return one('long-text', `${what} is longer than ${most} characters; nobody listens that long`);
    return 'fine';
  };

function wouldBeRead(what: string, value: number, written: string): string {
  return `${what} would be read as ${shortened(String(value))}; put it in quotes to keep it as it is written: "${shortened(written)}"`;
}

/** Names of types and queues as Temporal takes them. */
export const refuseTaskQueue: Refuse = (written, path) =>
  written.kind === 'scalar' && String(written.value).trim().startsWith('/_sys/')
    ? one('name-taken', `\`${String(path.at(-1))}\` cannot begin with /_sys/, which Temporal keeps for itself`)
    : [];

/** A number that the workflow would not get as it is written: a telephone number without its 0, an id that is rounded. */
export const refuseInput = (written: Located): readonly Refusal[] => {
  if (written.kind === 'map') return written.entries.flatMap(({ value }) => refuseInput(value));
  if (written.kind === 'list') return written.items.flatMap(refuseInput);
  const { value, written: digits, place } = written;
  if (typeof value !== 'number') return [];
  const exact = Number.isSafeInteger(value) ? !/^[-+]?0\d|^\+/.test(digits) : Number.isFinite(value) && value % 1 !== 0;
  if (exact) return [];
  return [{ code: 'changed-number', place, message: wouldBeRead(`${shortened(digits)} in \`input\``, value, digits) }];
};

const NOT_ASSIGNABLE: Readonly<Record<string, string>> = {
  '0': 'Pigeon cuts the call at key 0, so a call cannot end with it; ',
  '*': 'a call cannot end with it; ',
  '#': 'a call cannot end with it; ',
};

export function refuseKey({ key }: LocatedEntry): Refusal | undefined {
  if (/^[1-9]$/.test(key)) return undefined;
  const wide = /^[０-９]+$/.test(key) ? 'it is a full-width digit, write a half-width one; ' : '';
  const why = Object.hasOwn(NOT_ASSIGNABLE, key) ? NOT_ASSIGNABLE[key] : wide;
  return {
    code: 'no-such-key',
    message: `"${shortened(key)}" cannot be a key: ${why}the keys are 1 to 9, one digit each`,
  };
}
