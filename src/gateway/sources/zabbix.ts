import type { AlertAction, Severity } from '../alert.js';
import { Field, lookUp } from '../field.js';
import type { Source } from '../source.js';

/** {EVENT.NSEVERITY} */
const SEVERITIES: Readonly<Record<string, Severity>> = {
  0: 'info', // not classified
  1: 'info', // information
  2: 'warning', // warning
  3: 'warning', // average
  4: 'error', // high
  5: 'critical', // disaster
};

/** {EVENT.SOURCE}: discovery (1) and autoregistration (2) tell of hosts, not of troubles. */
const TROUBLES = ['0', '3', '4'];
const LABELS = ['host_name', 'host_ip', 'trigger_id', 'event_opdata', 'alert_message'];

/**
 * Zabbix, through a media type of ours: a JSON object whose fields are macros in small letters with underscores,
 * `event_id` for {EVENT.ID}.
 */
export const source: Source = {
  read({ body }) {
    const event = new Macros(Field.object(body));
    const dedupKey = event.required('event_id', 'must be {EVENT.ID}');
    const isProblem = event.field('event_value').oneOf({ 0: false, 1: true });
    const kind = event.text('event_source') ?? '0';
    if (!TROUBLES.includes(kind)) return { alerts: [], ignored: ['a host was discovered or registered itself'] };
    const severity = lookUp(SEVERITIES, event.text('event_nseverity'));
    const alert = {
      action: actionOf(isProblem, event),
      dedupKey,
      summary: ['alert_subject', 'event_name', 'trigger_description'].map((name) => event.text(name)),
      ...(severity !== undefined && { severity }),
      labels: [Object.fromEntries(LABELS.map((name) => [name, event.text(name)])), tagsOf(event.text('event_tags'))],
      links: [event.text('event_url')],
      startedAt: event.text('event_timestamp'),
      by: event.text('user_fullname'),
    };
    return { alerts: [alert] };
  },
};

function actionOf(isProblem: boolean, event: Macros): AlertAction {
  if (!isProblem) return 'resolve';
  return event.text('event_update_status') === '1' && event.text('event_ack_status')?.toLowerCase() === 'yes'
    ? 'acknowledge'
    : 'trigger';
}

/** A macro that Zabbix knows no value for arrives as `*UNKNOWN*`, or as it is written in the media type. */
class Macros {
  constructor(private readonly event: Field) {}

  field(name: string): Field {
    return this.event.get(name);
  }

  text(name: string): string | undefined {
    const { text } = this.field(name);
    return text === undefined || /^(?:\*UNKNOWN\*|\{[A-Z0-9_.]+\})$/.test(text.trim()) ? undefined : text;
  }

  required(name: string, what: string): string {
    const text = this.text(name);
    if (text === undefined) throw this.field(name).unfit(what);
    return text;
  }
}

const LONGEST_TAGS = 65_536;

/** {EVENT.TAGSJSON}, a list of `{tag, value}`, or {EVENT.TAGS}, `scope:availability, team:db`. */
function tagsOf(written = ''): Readonly<Record<string, string>> {
  const text = written.slice(0, LONGEST_TAGS);
  const listed = tagsOfJson(text) ?? text.split(',').map((pair) => pair.split(/:(.*)/s).slice(0, 2));
  return Object.fromEntries(listed.map(([name = '', value = '']) => [name.trim(), value.trim()]));
}

function tagsOfJson(text: string): readonly (readonly string[])[] | undefined {
  try {
    const { isList, items } = new Field(JSON.parse(text) as unknown);
    return isList ? items.map((tag) => [tag.get('tag').text ?? '', tag.get('value').text ?? '']) : undefined;
  } catch {
    return undefined;
  }
}
