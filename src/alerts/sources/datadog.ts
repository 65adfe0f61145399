import type { AlertAction, AlertDraft, Severity, Source } from '../alert.js';
import { Field, lookUp } from '../field.js';
import { stateOf } from '../state-words.js';
import { byName, withoutData } from '../text.js';

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
/** $ALERT_PRIORITY as a number, as its API has it; P1 and the like are words as everywhere. */
const PRIORITIES: Readonly<Record<string, Severity>> = {
  1: 'critical',
  2: 'error',
  3: 'warning',
  4: 'info',
  5: 'info',
};
/** The priority of an event, which says nothing of how bad it is. */
const NO_PRIORITY = ['normal'];
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
    const transition = text('alert_transition');
    const said = lookUp(TRANSITIONS, transition) ?? stateOf(transition);
    // A monitor that changed in a way that nobody knows; an event that is no monitor's has a type.
    const isMonitor = transition !== undefined && text('alert_type') === undefined;
    const action = said ?? (type === undefined && !isMonitor ? undefined : 'trigger');
    if (action === undefined) return { alerts: [], ignored: ['neither a monitor that changed nor an error'] };
    const titles = [text('alert_title'), text('event_title'), text('alert_status')].map(withoutState);
    const alert = {
      action,
      dedupKey,
      summary: /no.data$/i.test(transition?.trim() ?? '') ? titles.map(withoutData) : titles,
      ...severityIn(transition, text('alert_priority'), type),
      ...(said === undefined && { unknownState: transition }),
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

function severityIn(
  transition: string | undefined,
  priority: string | undefined,
  type: Severity | undefined,
): Pick<AlertDraft, 'severity' | 'severityWord'> {
  if (transition?.trim().toLowerCase().endsWith('warn') === true) return { severity: 'warning' };
  if (priority === undefined || NO_PRIORITY.includes(priority.trim().toLowerCase())) return { severity: type };
  const severity = lookUp(PRIORITIES, priority);
  return severity === undefined ? { severityWord: priority } : { severity };
}

/** A variable without a value arrives empty, as `null`, or as it is written in the payload. */
function variable({ text }: Field): string | undefined {
  return text === undefined || /^(?:null|\$[A-Z0-9_]+)$/.test(text.trim()) ? undefined : text;
}

const STATES =
  /^(?:\s{0,9}\[(?:p[1-5]|(?:re-)?(?:triggered|warn|no data)|renotify|recovered|resolved|muted|escalated)(?: on \{[^{}]{0,1000}\}| on [^\][]{0,1000})?\])+\s{0,9}/i;

/** "[P1] [Triggered on {host:web-1}] [PROD] CPU is high": nobody wants to hear priority, state and scope; [PROD] is the monitor's own. */
function withoutState(title: string | undefined): string | undefined {
  return title?.replace(STATES, '');
}

const LONGEST_TAGS = 65_536;

/** `env:prod,role:db`; a tag without a value is its own. */
function tagsOf(written = ''): Readonly<Record<string, readonly string[]>> {
  const tags = written.slice(0, LONGEST_TAGS).split(',');
  return byName(
    tags.map((tag) => {
      const [name = '', value = name] = tag.split(/:(.*)/s);
      return [name.trim(), value.trim()] as const;
    }),
  );
}
