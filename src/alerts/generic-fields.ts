import type { AlertAction, AlertDraft, Texts } from './alert.js';
import type { Field } from './field.js';
import { isWeakEnd, stateOf } from './state-words.js';

export const ACTIONS: Readonly<Record<AlertAction, AlertAction>> = {
  trigger: 'trigger',
  acknowledge: 'acknowledge',
  resolve: 'resolve',
};

/** What may say that it is over, or has an owner; the first that is understood counts. */
const STATES = ['action', 'status', 'state'];

interface GenericState {
  readonly action?: AlertAction;
  /** An end by a word that may only say that something has ended, however it went. */
  readonly isWeak?: boolean;
  /** The word that is not understood. */
  readonly unknown?: string;
}

/** What the fields say of the state. An `action` is what the sender wants; a status and a state that contradict are a trouble. */
export function genericState(fields: Field): GenericState {
  const words = STATES.flatMap((name) => fields.get(name).text ?? []);
  const understood = words.flatMap((word) => {
    const action = stateOf(word);
    return action === undefined ? [] : [{ action, isWeak: action === 'resolve' && isWeakEnd(word) }];
  });
  const [first] = understood;
  if (first === undefined) return words[0] === undefined ? {} : { unknown: words[0] };
  const isWanted = stateOf(fields.get('action').text) !== undefined;
  const isDenied = first.action === 'resolve' && understood.some(({ action }) => action === 'trigger');
  return !isWanted && isDenied ? { action: 'trigger' } : first;
}

/** The fields of our own format but for action and key, as they also are in the data of a CloudEvent. */
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
