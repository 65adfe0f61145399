import type { AlertDraft, Source } from '../alert.js';
import { Field } from '../field.js';
import { ACTIONS } from '../generic-fields.js';

/** As PagerDuty has it. A longer one is refused there too, so a sender cannot rely on it. */
const LONGEST_KEY = 255;
const LABELS = ['source', 'component', 'group', 'class'];

/**
 * PagerDuty's Events API v2, `POST /v2/enqueue`. Whatever can send to PagerDuty at an address of one's own can send here:
 * Alertmanager, InfluxDB, Kestra, client libraries.
 *
 * Source: https://github.com/PagerDuty/developer-docs, docs/events-API-v2.
 */
export const source: Source = {
  read({ body }, { newKey }) {
    const event = Field.object(body);
    const action = event.get('event_action').oneOf(ACTIONS);
    const key = event.get('dedup_key');
    if ((key.text?.length ?? 0) > LONGEST_KEY) throw key.unfit(`must have at most ${LONGEST_KEY} characters`);
    const dedupKey =
      action === 'trigger' ? (key.text ?? newKey()) : key.required('must be the dedup_key of the event to follow up');
    // PagerDuty asks for source and severity too, but what templates leave empty must not keep a telephone from ringing.
    if (action === 'trigger') event.get('payload').get('summary').required('must say what is wrong');
    return {
      alerts: [{ ...detailsOf(event), action, dedupKey }],
      answer: { status: 'success', message: 'Event processed', dedup_key: dedupKey },
    };
  },

  keyOf: ({ body, headers }) => new Field(body).get('routing_key').text ?? headers['x-routing-key'],

  refusal: ({ pointer, message }) => ({
    status: 'invalid event',
    message: 'Event object is invalid',
    errors: [`${pointer === '' ? 'event' : pointer.slice(1).replaceAll('/', '.')}: ${message}`],
  }),
};

function detailsOf(event: Field): Omit<AlertDraft, 'action' | 'dedupKey'> {
  const payload = event.get('payload');
  const details = payload.get('custom_details');
  const labels = Object.fromEntries(LABELS.map((name) => [name, payload.get(name).text]));
  return {
    summary: [payload.get('summary').text],
    severityWord: payload.get('severity').text,
    // An event that follows up mostly has no payload, and then says nothing by which it could be told from others.
    labels: payload.isObject
      ? [labels, { client: event.get('client').text, custom_details: details.text }, details.texts]
      : [],
    links: [
      event.get('client_url').text,
      ...event.get('links').items.map((link) => link.get('href').text),
      ...event.get('images').items.map((image) => image.get('href').text),
    ],
    startedAt: payload.get('timestamp').text,
  };
}
