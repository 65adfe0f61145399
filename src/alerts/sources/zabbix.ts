import type { AlertAction, AlertDraft, Severity, Source } from '../alert.js';
import { Field, lookUp } from '../field.js';
import { stateOf } from '../state-words.js';
import { byName } from '../text.js';

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
    const value = event.required('event_value', 'must be {EVENT.VALUE}');
    const state = lookUp<AlertAction>({ 0: 'resolve', 1: 'trigger' }, value) ?? stateOf(value);
    const kind = event.text('event_source') ?? '0';
    if (!TROUBLES.includes(kind)) return { alerts: [], ignored: ['a host was discovered or registered itself'] };
    const isProblem = state !== 'resolve';
    if (isProblem && isNote(event)) return { alerts: [], ignored: ['a note of Zabbix about a problem, not a problem'] };
    const written = event.text('event_nseverity') ?? event.text('event_severity');
    const alert = {
      action: actionOf(isProblem, event),
      ...(state === undefined && { unknownState: value }),
      dedupKey,
      summary: ['alert_subject', 'event_name', 'trigger_description'].map((name) => event.text(name)),
      ...severityIn(written),
      labels: [Object.fromEntries(LABELS.map((name) => [name, event.text(name)])), tagsOf(event.text('event_tags'))],
      links: [event.text('event_url')],
      startedAt: event.text('event_timestamp'),
      by: event.text('user_fullname'),
    };
    return { alerts: [alert] };
  },
};

/** Numbers count as Zabbix counts them, words as everywhere. */
function severityIn(written: string | undefined): Pick<AlertDraft, 'severity' | 'severityWord'> {
  const severity = lookUp(SEVERITIES, written);
  return severity === undefined ? { severityWord: written } : { severity };
}

/** What {EVENT.UPDATE.ACTION} says of an update that changes nothing about the trouble. */
const NOTED = /^(?:commented|unacknowledged|suppressed|unsuppressed|changed to (?:cause|symptom)\b.*)$/i;

/**
 * Zabbix writes of what it will no longer follow, and of what people noted, with the value of a problem. Called for, a
 * comment would open again what people have resolved.
 */
function isNote(event: Macros): boolean {
  if (/^NOTE: Escalation cancell?ed/i.test(event.text('alert_message')?.trim() ?? '')) return true;
  const update = event.text('event_update_action');
  return update !== undefined && update.split(/,| and /).every((what) => NOTED.test(what.trim()));
}

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
function tagsOf(written = ''): Readonly<Record<string, readonly string[]>> {
  const text = written.slice(0, LONGEST_TAGS);
  const listed = tagsOfJson(text) ?? text.split(',').map((pair) => pair.split(/:(.*)/s).slice(0, 2));
  return byName(listed.map(([name = '', value = '']) => [name.trim(), value.trim()] as const));
}

function tagsOfJson(text: string): readonly (readonly string[])[] | undefined {
  try {
    const { isList, items } = new Field(JSON.parse(text) as unknown);
    return isList ? items.map((tag) => [tag.get('tag').text ?? '', tag.get('value').text ?? '']) : undefined;
  } catch {
    return undefined;
  }
}
