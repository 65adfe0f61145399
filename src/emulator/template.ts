import type { JsonObject } from './json-value.js';
import type { Switches } from './switches.js';

const PLACEHOLDER = /\{\{(.*?)\}\}/g;

type TemplateSwitches = Pick<Switches, 'missingParameter' | 'templateSpaces'>;

/** A message template as the callee hears it: each `{{name}}` replaced by the parameter of that name. */
export function fillTemplate(template: string, parameters: JsonObject, switches: TemplateSwitches): string {
  return template.replace(PLACEHOLDER, (placeholder, inner: string) => {
    const name = nameIn(inner, switches);
    if (Object.hasOwn(parameters, name)) return String(parameters[name]);
    return switches.missingParameter === 'kept' ? placeholder : '';
  });
}

/** Names that a template wants and the parameters do not have. */
export function missingNames(template: string, parameters: JsonObject, switches: TemplateSwitches): readonly string[] {
  return [...template.matchAll(PLACEHOLDER)]
    .map((match) => nameIn(match[1] ?? '', switches))
    .filter((name) => !Object.hasOwn(parameters, name));
}

function nameIn(inner: string, switches: TemplateSwitches): string {
  return switches.templateSpaces === 'trimmed' ? inner.trim() : inner;
}
