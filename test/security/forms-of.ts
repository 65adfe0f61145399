/** A way in which a text may be in bytes. */
interface Form {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Every way in which a text could be stored without being encrypted, whatever is before and after it. */
export function formsOf(text: string): readonly Form[] {
  const utf8 = Buffer.from(text);
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^ -~]/g, escapeOf);
  return [
    { name: 'UTF-8', bytes: utf8 },
    { name: 'UTF-16', bytes: Buffer.from(text, 'utf16le') },
    { name: 'JSON', bytes: Buffer.from(escaped) },
    { name: 'URL', bytes: Buffer.from(encodeURIComponent(text)) },
    { name: 'hexadecimal', bytes: Buffer.from(utf8.toString('hex')) },
    ...[0, 1, 2].map((offset) => ({ name: `base64 at ${offset}`, bytes: Buffer.from(insideBase64(utf8, offset)) })),
  ];
}

const escapeOf = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The characters of a longer base64 text that depend on these bytes alone, so many bytes after a multiple of three. */
function insideBase64(bytes: Buffer, offset: number): string {
  const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
  const from = Math.ceil((offset * 4) / 3);
  const to = Math.floor((whole.length * 4) / 3);
  return whole.toString('base64').slice(from, to);
}
