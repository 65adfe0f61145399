import { type AlertDraft, readEach, type Source } from '../alert.js';
import { Field } from '../field.js';
import { genericFields, genericState } from '../generic-fields.js';

/** Our own format: one alert as a JSON object, or a list of them. */
export const source: Source = {
  maxAlerts: 1_000,
  read({ body }) {
    const root = new Field(body);
    if (!root.isList) return { alerts: [readAlert(Field.object(body))] };
    return {
      ...readEach(root.items, readAlert),
      ...(root.items.length === 0 && { ignored: ['the list is empty'] }),
    };
  },
};

function readAlert(alert: Field): AlertDraft {
  if (!alert.isObject) throw alert.unfit('must be an object with a "summary"');
  const { action = 'trigger', unknown } = genericState(alert);
  const key = alert.get('dedupKey').text;
  const summary = alert.get('summary');
  const dedupKey = key ?? summary.required('must say what is wrong');
  if (action === 'trigger') summary.required('must say what is wrong');
  return { ...genericFields(alert), action, unknownState: unknown, dedupKey };
}
