/**
 * What others have written, for a terminal: without what it would obey (escape sequences, a line that is written over) or
 * that turns the direction of what is beside it. Lines and tabs stay.
 */
export const printable = (text: string): string => text.replaceAll(OBEYED, '\uFFFD');

const OBEYED = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu;
