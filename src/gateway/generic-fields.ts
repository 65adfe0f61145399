import type { AlertAction, AlertDraft, Texts } from './alert.js';
import type { Field } from './field.js';
import { stateOf } from './state-words.js';

export const ACTIONS: Readonly<Record<AlertAction, AlertAction>> = {
  trigger: 'trigger',
  acknowledge: 'acknowledge',
  resolve: 'resolve',
};

/** What may say that it is over, or has an owner; the first that is understood counts. */
const STATES = ['action', 'status', 'state'];

/** What the fields say of the state; `unknown` is the word that is not understood. */
export function genericState(fields: Field): { readonly action?: AlertAction; readonly unknown?: string } {
  const words = STATES.flatMap((name) => fields.get(name).text ?? []);
  const action = words.map(stateOf).find((state) => state !== undefined);
  if (action !== undefined) return { action };
  return words[0] === undefined ? {} : { unknown: words[0] };
}

/** The fields of our own format but for action and key, as they also stand in the data of a CloudEvent. */
export function genericFields(
  fields: Field,
): Omit<AlertDraft, 'action' | 'dedupKey'> & { readonly labels: readonly Texts[] } {
  return {
    summary: [fields.get('summary').text],
    severityWord: fields.get('severity').text,
    parameters: fields.get('parameters').texts,
    labels: [fields.get('labels').texts],
    links: fields.get('links').items.map(({ text }) => text),
    startedAt: fields.get('startedAt').number ?? fields.get('startedAt').text,
    by: fields.get('by').text,
  };
}
