const DIGIT = '[0-9０-９]';
/** `2026-12-01T22:00` is no number, and `2026-12-01` neither. */
const MOMENT = '(?<![0-9])20[0-9]{2}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:|(?![0-9-]))';
const NUMBER = new RegExp(`${MOMENT}|[+＋]?${DIGIT}[0-9０-９ ()（）ー－‐-]{5,}${DIGIT}`, 'g');

/** Keys and tokens in hexadecimal or base64. Names of people's making have hyphens, or no digit. */
const SECRET = /[A-Za-z0-9+/=]{24,}/g;

/** Anyone who knows the address of a calendar can read it. Its host may be shown. */
const CALENDAR_ADDRESS = /((?:webcals?|https?):\/\/[^\s/"']*)(\/[^\s"']*)/gi;

/** Telephone numbers, addresses of calendars, and what looks like a key: somebody may have given the wrong file, or the right one a wrong line. */
export function maskPrivate(text: string): string {
  const addresses = text.replaceAll(CALENDAR_ADDRESS, (whole, host: string, path: string) =>
    /^webcal/i.test(host) || /\.ics|ical|calendar/i.test(whole) ? host + '/'.padEnd(path.length, '*') : whole,
  );
  const masked = addresses.replaceAll(SECRET, (found) =>
    /[0-9]/.test(found) && /[A-Za-z]/.test(found) ? found.slice(0, 3).padEnd(found.length, '*') : found,
  );
  return maskNumbers(masked);
}

/**
 * What looks like a telephone number keeps its beginning and its end only. Messages end up in the logs of build servers.
 * The length stays, so that what points into the text points at the same place.
 */
function maskNumbers(text: string): string {
  return text.replaceAll(NUMBER, (number) => {
    if (/^20..-..-..(?:.*:)?$/.test(number)) return number;
    const kept = [number.slice(0, 3), number.slice(-2)] as const;
    return (
      kept[0] +
      number
        .slice(3, -2)
        .replaceAll(/[0-9]/g, '*')
        .replaceAll(/[０-９]/g, '＊') +
      kept[1]
    );
  });
}
