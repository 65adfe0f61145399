import type { AlertAction, Severity } from '../alert.js';
import { Field, lookUp } from '../field.js';
import type { Source } from '../source.js';

/** $ALERT_TRANSITION */
const TRANSITIONS: Readonly<Record<string, AlertAction>> = {
  triggered: 'trigger',
  're-triggered': 'trigger',
  'no data': 'trigger',
  're-no data': 'trigger',
  warn: 'trigger',
  're-warn': 'trigger',
  renotify: 'trigger',
  recovered: 'resolve',
};
/** $ALERT_TYPE, for events that are no monitor's and so have no transition. */
const TYPES: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning' };
/** $ALERT_PRIORITY */
const PRIORITIES: Readonly<Record<string, Severity>> = {
  p1: 'critical',
  p2: 'error',
  p3: 'warning',
  p4: 'info',
  p5: 'info',
};
const LABELS = [
  'alert_id',
  'alert_transition',
  'alert_type',
  'alert_priority',
  'alert_status',
  'hostname',
  'event_msg',
];

/**
 * Datadog's webhook, with a payload that we publish: a JSON object whose fields are Datadog's variables in small letters,
 * `alert_cycle_key` for $ALERT_CYCLE_KEY.
 *
 * Source: https://docs.datadoghq.com/integrations/webhooks/
 */
export const source: Source = {
  read({ body }) {
    const event = Field.object(body);
    const text = (name: string) => variable(event.get(name));
    const dedupKey = text('alert_cycle_key') ?? text('aggreg_key') ?? text('alert_id');
    if (dedupKey === undefined) throw event.get('alert_cycle_key').unfit('must be $ALERT_CYCLE_KEY');
    const type = lookUp(TYPES, text('alert_type'));
    const action = lookUp(TRANSITIONS, text('alert_transition')) ?? (type === undefined ? undefined : 'trigger');
    if (action === undefined) return { alerts: [], ignored: ['neither a monitor that changed nor an error'] };
    const warned = text('alert_transition')?.toLowerCase().endsWith('warn') ?? false;
    const severity = warned ? 'warning' : (lookUp(PRIORITIES, text('alert_priority')) ?? type);
    const alert = {
      action,
      dedupKey,
      summary: [text('alert_title'), text('event_title'), text('alert_status')].map(withoutState),
      ...(severity !== undefined && { severity }),
      labels: [
        Object.fromEntries(LABELS.map((name) => [name, text(name)])),
        tagsOf(text('alert_scope')),
        tagsOf(text('tags')),
      ],
      links: [text('link')],
      startedAt: text('date'),
    };
    return { alerts: [alert] };
  },
};

/** A variable without a value arrives empty, as `null`, or as it is written in the payload. */
function variable({ text }: Field): string | undefined {
  return text === undefined || /^(?:null|\$[A-Z0-9_]+)$/.test(text.trim()) ? undefined : text;
}

/** "[P1] [Triggered] CPU is high": what stands in brackets is known, and nobody wants it read aloud. */
function withoutState(title: string | undefined): string | undefined {
  return title?.replace(/^(?:\s{0,9}\[[^\][]{1,40}\])+/, '');
}

const LONGEST_TAGS = 65_536;

/** `env:prod,role:db`; a tag without a value is its own. */
function tagsOf(written = ''): Readonly<Record<string, string>> {
  const tags = written.slice(0, LONGEST_TAGS).split(',');
  return Object.fromEntries(
    tags.map((tag) => {
      const [name = '', value = name] = tag.split(/:(.*)/s);
      return [name.trim(), value.trim()];
    }),
  );
}
