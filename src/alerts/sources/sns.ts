import type {
  AlertAction,
  AlertDraft,
  Severity,
  Source,
  SourceContext,
  SourceReading,
  SourceRequest,
  Texts,
} from '../alert.js';
import { Field, lookUp } from '../field.js';
import { genericFields, genericState } from '../generic-fields.js';
import { isAddressOfSns, verifySnsSignature } from '../sns-signature.js';
import { markOf, stateOf } from '../state-words.js';
import { withoutData } from '../text.js';

interface State {
  readonly action: AlertAction;
  readonly severity?: Severity;
  readonly unknownState?: string | undefined;
}

/** Of a CloudWatch alarm. */
const STATES: Readonly<Record<string, State>> = {
  alarm: { action: 'trigger', severity: 'error' },
  insufficient_data: { action: 'trigger', severity: 'warning' },
  ok: { action: 'resolve', severity: 'info' },
};
const TYPES = {
  notification: 'notification',
  subscriptionconfirmation: 'subscription',
  unsubscribeconfirmation: 'unsubscription',
} as const;

/**
 * Amazon SNS, with the alarms of CloudWatch, events of EventBridge or any other message in it.
 *
 * Sources: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html,
 * https://docs.aws.amazon.com/eventbridge/latest/ref/overview-events-ref.html
 */
export const source: Source = {
  read(request, context) {
    if (isRaw(request)) return { alerts: [readMessage(request.body, rawEnvelope(request))] };
    const envelope = Field.object(request.body);
    const type = envelope.get('Type').oneOf(TYPES);
    const topic = envelope.get('TopicArn').required('must be the ARN of the topic');
    const { topics = [] } = context;
    if (topics.length > 0 && !topics.includes(topic)) {
      return { alerts: [], ignored: ['this topic is not among those that the integration allows'] };
    }
    if (type === 'subscription') return confirmed(envelope, topics);
    if (type === 'unsubscription') return { alerts: [], ignored: ['the subscription of this address was removed'] };
    const message = envelope.get('Message').required('must be the message');
    return { alerts: [readMessage(parsed(message), { topic, ...restOf(envelope) })] };
  },

  verify(request, context: SourceContext, fetchCertificate) {
    if (!isRaw(request)) return verifySnsSignature(request.body, fetchCertificate);
    const message =
      'has no envelope, and so no signature: turn raw message delivery off, or allow it for the integration';
    return Promise.resolve(context.rawDelivery === true ? null : { pointer: '', message });
  },
};

function isRaw({ headers }: SourceRequest): boolean {
  return headers['x-amz-sns-rawdelivery'] === 'true';
}

/** Only topics that are named are subscribed to: else anybody's topic could make us call an address. */
function confirmed(envelope: Field, topics: readonly string[]): SourceReading {
  if (topics.length === 0) {
    return { alerts: [], ignored: ['no topic is allowed to subscribe; name it in the integration'] };
  }
  const address = envelope.get('SubscribeURL');
  if (!isAddressOfSns(address.value)) throw address.unfit('must be an https address of sns.<region>.amazonaws.com');
  return { alerts: [], ignored: ['the subscription is being confirmed'], confirm: address.value };
}

interface Envelope {
  readonly topic: string | undefined;
  /** The same in each attempt of SNS to deliver it. */
  readonly id: string | undefined;
  readonly subject: string | undefined;
  /** Of the message, by name: AWS Backup has its state there. */
  readonly attributes: Readonly<Record<string, string>>;
}

function restOf(envelope: Field): Omit<Envelope, 'topic'> {
  const attributes = envelope.get('MessageAttributes');
  const names = attributes.isObject ? Object.keys(attributes.value as object) : [];
  return {
    id: envelope.get('MessageId').text,
    subject: envelope.get('Subject').text,
    attributes: Object.fromEntries(names.map((name) => [name, attributes.get(name).get('Value').text ?? ''])),
  };
}

function rawEnvelope({ headers }: SourceRequest): Envelope {
  return {
    topic: headers['x-amz-sns-topic-arn'],
    id: headers['x-amz-sns-message-id'],
    subject: undefined,
    attributes: {},
  };
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message) as unknown;
  } catch {
    return message;
  }
}

function readMessage(content: unknown, envelope: Envelope): AlertDraft {
  const message = new Field(content, '/Message');
  const isAlarm = ['AlarmName', 'NewStateValue'].every((name) => message.get(name).text !== undefined);
  if (isAlarm) return readAlarm(message, envelope.topic);
  if (message.get('detail-type').text !== undefined) return readEvent(message, envelope);
  return readOther(message, envelope);
}

function stateOfAlarm(written: string | undefined): State {
  return lookUp(STATES, written) ?? { action: stateOf(written) ?? 'trigger', unknownState: written };
}

const hasNoData = (state: string | undefined): boolean => state?.trim().toUpperCase() === 'INSUFFICIENT_DATA';

function readAlarm(alarm: Field, topic: string | undefined): AlertDraft {
  const name = alarm.get('AlarmName').text;
  const trigger = alarm.get('Trigger');
  const state = alarm.get('NewStateValue').text;
  const summary = [alarm.get('AlarmDescription').text, name];
  return {
    ...stateOfAlarm(state),
    dedupKey:
      alarm.get('AlarmArn').text ?? JSON.stringify([alarm.get('AWSAccountId').text, alarm.get('Region').text, name]),
    summary: hasNoData(state) ? summary.map(withoutData) : summary,
    labels: [
      {
        topic,
        alarm: name,
        account: alarm.get('AWSAccountId').text,
        region: alarm.get('Region').text,
        state,
        reason: alarm.get('NewStateReason').text,
        namespace: trigger.get('Namespace').text,
        metric: trigger.get('MetricName').text,
      },
      dimensionsOf(trigger),
      // Anomalies and metric math: what is measured is in a list.
      ...trigger
        .get('Metrics')
        .items.map((one) => one.get('MetricStat').get('Metric'))
        .flatMap((metric) => [
          { namespace: metric.get('Namespace').text, metric: metric.get('MetricName').text },
          dimensionsOf(metric),
        ]),
    ],
    startedAt: alarm.get('StateChangeTime').text,
  };
}

function dimensionsOf(metric: Field): Texts {
  return Object.fromEntries(
    metric
      .get('Dimensions')
      .items.map((dimension) => [dimension.get('name').text ?? '', dimension.get('value').text] as const),
  );
}

/** Where the services of AWS say its state. */
const STATES_OF_DETAIL = [
  ['state', 'value'],
  ['state'],
  ['status'],
  ['statusCode'],
  ['build-status'],
  ['lastStatus'],
  ['currentStatus'],
  ['executionStatus'],
  ['jobStatus'],
  ['eventStatus'],
  ['newEvaluationResult', 'complianceType'],
];
/**
 * Where they say what it is about, so that an end finds its trouble: an event's own id is of this one message, and of builds
 * the resource is this one build.
 */
const SUBJECTS_OF_DETAIL = [
  'eventArn',
  'executionArn',
  'id',
  'backupJobId',
  'jobId',
  'jobRunId',
  'pipeline',
  'project-name',
  // The end of one stage or action of a pipeline is not that of another.
  'stage',
  'action',
  'configRuleName',
  'resourceId',
  'findingArn',
  'findingId',
];
const NAMES_OF_DETAIL = ['pipeline', 'project-name', 'jobName', 'name', 'instance-id', 'SourceIdentifier', 'service'];

/** An event of EventBridge. */
function readEvent(event: Field, { topic, id, subject }: Envelope): AlertDraft {
  const detail = event.get('detail');
  const type = event.get('detail-type').text;
  const state = STATES_OF_DETAIL.map((path) => at(detail, path).text).find((text) => text !== undefined);
  const resources = event.get('resources').items.flatMap(({ text }) => text ?? []);
  const common = {
    labels: [
      { topic, subject, account: event.get('account').text, region: event.get('region').text, state },
      { eventSource: event.get('source').text, 'detail-type': type },
      { resource: resources },
    ],
    startedAt: event.get('time').text,
  };
  const alarm = detail.get('alarmName').text;
  if (alarm !== undefined && state !== undefined) {
    const summary = [detail.get('configuration').get('description').text, alarm];
    const metrics = detail
      .get('configuration')
      .get('metrics')
      .items.map((one) => one.get('metricStat').get('metric'));
    return {
      ...common,
      ...stateOfAlarm(state),
      // As the alarm's own message has it, so that the two meet.
      dedupKey: resources[0] ?? JSON.stringify([event.get('account').text, event.get('region').text, alarm]),
      summary: hasNoData(state) ? summary.map(withoutData) : summary,
      labels: [
        { alarm, reason: detail.get('state').get('reason').text },
        ...common.labels,
        ...metrics.flatMap((metric) => [
          { namespace: metric.get('namespace').text, metric: metric.get('name').text },
          metric.get('dimensions').texts,
        ]),
        allOf(event),
      ],
    };
  }
  const action = stateOf(state);
  const about = SUBJECTS_OF_DETAIL.flatMap((name) => detail.get(name).text ?? []);
  const name = NAMES_OF_DETAIL.map((field) => detail.get(field).text).find((text) => text !== undefined);
  return {
    ...common,
    ...severityOfDetail(detail, event.get('source').text),
    action: action ?? 'trigger',
    ...(action === undefined && { unknownState: state }),
    dedupKey:
      state !== undefined && (resources.length > 0 || about.length > 0)
        ? JSON.stringify([
            type,
            event.get('account').text,
            event.get('region').text,
            ...(about.length > 0 ? about : resources),
          ])
        : (event.get('id').text ?? id ?? JSON.stringify([type, topic])),
    summary: [
      ...['title', 'Title', 'summary', 'message', 'Message', 'description'].map((field) => detail.get(field).text),
      ...['eventDescription', 'findings'].flatMap((list) =>
        detail.get(list).items.flatMap((one) => [one.get('latestDescription').text, one.get('Title').text]),
      ),
      [type, name ?? resources[0]?.split(/[:/]/).at(-1), state].filter((part) => part !== undefined).join(' '),
    ],
    labels: [...common.labels, allOf(event)],
  };
}

/** Everything in it; but `source` is the server or the service with the trouble, in what other tools send. */
function allOf(event: Field): Texts {
  const { source: _, ...texts } = event.texts;
  return texts;
}

function at(field: Field, path: readonly string[]): Field {
  return path.reduce((inner, name) => inner.get(name), field);
}

/** GuardDuty counts to 10; Security Hub has a word. */
function severityOfDetail(detail: Field, source: string | undefined): Pick<AlertDraft, 'severity' | 'severityWord'> {
  const { number } = detail.get('severity');
  if (source === 'aws.guardduty' && number !== undefined) {
    return { severity: number >= 9 ? 'critical' : number >= 7 ? 'error' : number >= 4 ? 'warning' : 'info' };
  }
  const [finding] = detail.get('findings').items;
  const word = finding?.get('Severity').get('Label').text ?? detail.get('severity').text;
  return { severityWord: word !== undefined && /^[\d.]+$/.test(word) ? undefined : word };
}

/** Subjects that AWS gives to all its messages alike. */
const SAYS_NOTHING = /^(?:AWS |Amazon |RDS |Notification from )[\w ]{0,40}$/;
const STATE_ATTRIBUTES = ['State', 'state', 'Status', 'status'];

function readOther(message: Field, { topic, id, subject, attributes }: Envelope): AlertDraft {
  const event = ['Source ID', 'Event Message'].flatMap((name) => message.get(name).text ?? []).join(' ');
  const texts = ['summary', 'message', 'Message', 'title', 'Description', 'description'].map(
    (name) => message.get(name).text,
  );
  const text =
    typeof message.value === 'string'
      ? message.value
      : [event, ...texts].find((one) => one !== undefined && one !== '');
  const title = subject ?? text?.split('\n', 1)[0];
  const mark = markOf(title ?? '');
  const attribute = STATE_ATTRIBUTES.flatMap((name) =>
    Object.hasOwn(attributes, name) ? (attributes[name] ?? []) : [],
  )[0];
  const said = genericState(message);
  const action = said.action ?? stateOf(attribute) ?? mark?.state;
  const { severityWord } = genericFields(message);
  const line = text?.trim().split('\n', 1)[0];
  // One such subject may be that of many troubles. A heading, "Alerts Firing:", tells nothing more.
  const tells = line !== undefined && line !== subject?.trim() && !/[:：]\s*$/.test(line);
  const told = subject !== undefined && mark?.state === 'trigger' && tells ? `${subject}: ${line}` : subject;
  return {
    action: action ?? 'trigger',
    ...(action === undefined && { unknownState: said.unknown ?? attribute }),
    severityWord,
    dedupKey:
      message.get('dedupKey').text ??
      // What is marked as over finds its trouble by the same words.
      (mark?.pairs !== true || mark.rest === '' ? undefined : JSON.stringify([topic, mark.rest])) ??
      id ??
      new Field(text).text ??
      topic ??
      'message',
    summary: [
      ...(subject !== undefined && !SAYS_NOTHING.test(subject) && event === '' ? [told, text] : [text, subject]),
      topic?.split(':').at(-1),
    ],
    labels: [{ topic, subject, message: text }, attributes, message.texts],
  };
}
