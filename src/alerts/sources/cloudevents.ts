import { type AlertDraft, readEach, type Source, type SourceRequest } from '../alert.js';
import { Field } from '../field.js';
import { genericFields, genericState } from '../generic-fields.js';
import { stateOfType } from '../state-words.js';

/** Of the specification, all of them; the rest are extensions. */
const NO_LABELS = ['specversion', 'id', 'time', 'data', 'data_base64', 'datacontenttype', 'dataschema'];

/**
 * CloudEvents 1.0 over HTTP: structured, binary (`ce-…` headers) and batched. `data` may have the fields of our own format.
 *
 * Source: https://github.com/cloudevents/spec, cloudevents/spec.md and bindings/http-protocol-binding.md.
 */
export const source: Source = {
  maxAlerts: 1_000,
  read(request) {
    const events = eventsOf(request);
    return {
      ...readEach(events, readEvent),
      ...(events.length === 0 && { ignored: ['the batch is empty'] }),
    };
  },
};

function eventsOf(request: SourceRequest): readonly Field[] {
  if (request.headers['ce-specversion'] !== undefined) return [binaryEvent(request)];
  const root = new Field(request.body);
  if (!root.isList) return [Field.object(request.body)];
  return root.items;
}

/** The attributes are in the headers, percent-encoded, and the body is the data. */
function binaryEvent({ headers, body }: SourceRequest): Field {
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('ce-') && value !== undefined ? [[name.slice('ce-'.length), decoded(value)] as const] : [],
  );
  return new Field({ ...Object.fromEntries(attributes), data: body });
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function readEvent(event: Field): AlertDraft {
  event.get('specversion').oneOf({ '1.0': true });
  const [id, origin, type] = ['id', 'source', 'type'].map((name) =>
    event.get(name).required(`must be the ${name} of the event, as CloudEvents 1.0 has it`),
  );
  const subject = event.get('subject').text;
  const data = dataOf(event);
  const generic = genericFields(data);
  const { action: said, isWeak = false, unknown } = genericState(data);
  const ofType = stateOfType(type ?? '');
  const action = said === undefined || (isWeak && ofType === 'trigger') ? ofType : said;
  return {
    ...generic,
    action: action ?? 'trigger',
    ...(action === undefined && { unknownState: unknown }),
    // Source and id are of this one event; what it is about is named by its subject.
    dedupKey: data.get('dedupKey').text ?? JSON.stringify([origin, subject ?? id]),
    summary: [
      ...generic.summary,
      data.get('message').text,
      typeof data.value === 'string' ? data.value : undefined,
      [type, subject].filter((text) => text !== undefined).join(' '),
    ],
    labels: [
      Object.fromEntries(Object.entries(event.texts).filter(([name]) => !NO_LABELS.includes(name.split('.')[0] ?? ''))),
      ...generic.labels,
    ],
    startedAt: generic.startedAt ?? event.get('time').text,
  };
}

/** `data`, or `data_base64` where it holds JSON or text. */
function dataOf(event: Field): Field {
  const encoded = event.get('data_base64').text;
  if (encoded === undefined || !event.get('data').isMissing) return event.get('data');
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  try {
    return new Field(JSON.parse(text) as unknown, '/data_base64');
  } catch {
    return new Field(text, '/data_base64');
  }
}
