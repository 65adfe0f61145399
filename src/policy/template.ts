/** What a message template asks for: `{{name}}`, filled in by Pigeon from the parameters of the run. */
export interface Template {
  readonly placeholders: readonly Placeholder[];
  readonly mistakes: readonly TemplateMistake[];
}

export interface Placeholder {
  readonly name: string;
  readonly written: string;
}

export interface TemplateMistake {
  readonly code: string;
  /** The part of the text that is wrong. */
  readonly written: string;
  readonly message: string;
}

/** Stands for a placeholder while the rest is looked at; no text has it. */
const FILLED = '\u0000';

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

export function readTemplate(text: string): Template {
  const placeholders: Placeholder[] = [];
  const mistakes: TemplateMistake[] = [];
  for (const [written, inner = ''] of text.matchAll(PLACEHOLDER)) {
    const name = inner.trim();
    if (name === '') {
      mistakes.push({ code: 'placeholder-empty', written, message: `"${written}" has no name; write {{name}}` });
    } else if (/\s/.test(name)) {
      const message = `"${written}" has spaces in its name, which parameters cannot have`;
      mistakes.push({ code: 'placeholder-with-spaces', written, message });
    } else {
      placeholders.push({ name, written });
      if (name === inner) continue;
      const message = `write {{${name}}} without spaces: it is not known whether Pigeon ignores them`;
      mistakes.push({ code: 'placeholder-with-spaces', written, message });
    }
  }
  return { placeholders, mistakes: [...mistakes, ...strayBraces(text.replaceAll(PLACEHOLDER, FILLED))] };
}

function strayBraces(rest: string): readonly TemplateMistake[] {
  if (rest.includes(`{${FILLED}`) || rest.includes(`${FILLED}}`)) {
    const message = 'these are three braces, of which one would be read aloud; write two: {{name}}';
    return [{ code: 'placeholder-three-braces', written: rest.includes(`{${FILLED}`) ? '{{{' : '}}}', message }];
  }
  const open = /\{\{|\}\}/.exec(rest);
  if (open !== null) {
    const [written] = open;
    const missing = written === '{{' ? 'never closed; write {{name}}' : 'never opened; write {{name}}';
    return [{ code: 'placeholder-open', written, message: `these braces are ${missing}` }];
  }
  const wide = /[｛｝]+/.exec(rest)?.[0];
  if (wide !== undefined) {
    const message = 'these are full-width braces, which would be read aloud; write half-width ones: {{name}}';
    return [{ code: 'placeholder-full-width', written: wide, message }];
  }
  const single = /\$?\{([^{}\s]+)\}/.exec(rest);
  if (single === null) return [];
  const message = `"${single[0]}" would be read aloud as it stands; write {{${single[1] ?? ''}}}`;
  return [{ code: 'placeholder-single', written: single[0], message }];
}
