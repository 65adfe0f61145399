export type TelephoneNumber =
  { readonly ok: true; readonly digits: string } | { readonly ok: false; readonly why: string };

const EMERGENCY = new Set(['110', '112', '118', '119', '911', '999']);
const SEPARATORS = /[- ]/g;

/**
 * A telephone number that can be dialled from Japan: domestic (`0300000001`, `090-0000-0001`), or with its country
 * (`+81…`, E.164: at most 15 digits). Hyphens and spaces go. `why` never repeats the number.
 *
 * The numbers of digits are those of Japan's numbering plan: 0120 and most of 0 have 10; 020, 050, 060, 070, 080, 090
 * and 0800 have 11.
 */
export function readTelephoneNumber(text: string): TelephoneNumber {
  if (/[０-９＋－]/.test(text)) return no('it has full-width characters; write it in half-width digits');
  const number = text.trim().replaceAll(SEPARATORS, '');
  if (number === '') return no('it is empty');
  if (!/^\+?[0-9]+$/.test(number)) {
    return no('it may have digits, hyphens, and a "+" before a country code, and nothing else');
  }
  if (EMERGENCY.has(number)) return no('emergency numbers are never called by a machine');
  return number.startsWith('+') ? international(number) : domestic(number);
}

/** The digits of a number that can be dialled. */
export function diallable(text: string): string {
  const number = readTelephoneNumber(text);
  return number.ok ? number.digits : '';
}

/** A number of Japan as it is dialled within Japan, so that one telephone has one number. */
export function withinJapan(digits: string): string {
  return digits.startsWith('+81') ? `0${digits.slice(3)}` : digits;
}

function international(number: string): TelephoneNumber {
  const digits = number.slice(1);
  if (digits.startsWith('0')) return no('after "+" comes the country code, which never begins with 0 (Japan: +81)');
  if (digits.startsWith('810')) return no('after +81 the leading 0 of the number is left out: +813…, not +8103…');
  if (digits.startsWith('81')) return sized(number, withinJapan(number));
  if (digits.length < 7 || digits.length > 15) {
    return no(`a number with its country has 7 to 15 digits after the "+"; this one has ${digits.length}`);
  }
  return { ok: true, digits: number };
}

function domestic(number: string): TelephoneNumber {
  if (!number.startsWith('0')) {
    return no('it begins with neither 0 nor "+"; is the area code missing, or the "+" before the country code?');
  }
  if (number.startsWith('010')) return no('010 dials abroad; write "+" and the country code instead');
  if (number.startsWith('00')) return no('no number in Japan begins with 00');
  return sized(number, number);
}

/** `inJapan`: the number as it is dialled within Japan, with its leading 0. */
function sized(number: string, inJapan: string): TelephoneNumber {
  const digits = /^0[25-9]0/.test(inJapan) ? 11 : 10;
  if (inJapan.length !== digits) {
    const kind = digits === 11 ? `a number that begins with ${inJapan.slice(0, 3)}` : 'this kind of number';
    return no(`${kind} has ${digits} digits in Japan (with its leading 0); this one has ${inJapan.length}`);
  }
  return { ok: true, digits: number };
}

function no(why: string): TelephoneNumber {
  return { ok: false, why };
}
