import type { AlertAction, AlertDraft, Severity } from '../alert.js';
import { Field } from '../field.js';
import { isAddressOfSns, verifySnsSignature } from '../sns-signature.js';
import type { Source, SourceContext, SourceReading, SourceRequest } from '../source.js';

/** `NewStateValue` of a CloudWatch alarm. */
const STATES: Readonly<Record<string, { readonly action: AlertAction; readonly severity: Severity }>> = {
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
 * Amazon SNS, with the alarms of CloudWatch or any other message in it.
 *
 * Sources: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
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
    return { alerts: [readMessage(parsed(message), { topic, ...idAndSubject(envelope) })] };
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
}

function idAndSubject(envelope: Field): Pick<Envelope, 'id' | 'subject'> {
  return { id: envelope.get('MessageId').text, subject: envelope.get('Subject').text };
}

function rawEnvelope({ headers }: SourceRequest): Envelope {
  return { topic: headers['x-amz-sns-topic-arn'], id: headers['x-amz-sns-message-id'], subject: undefined };
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message) as unknown;
  } catch {
    return message;
  }
}

function readMessage(message: unknown, { topic, id, subject }: Envelope): AlertDraft {
  const alarm = new Field(message, '/Message');
  if (alarm.get('AlarmName').text !== undefined) return readAlarm(alarm, topic);
  const text = typeof message === 'string' ? message : (alarm.get('summary').text ?? alarm.get('message').text);
  return {
    action: 'trigger',
    dedupKey: id ?? new Field(text).text ?? topic ?? 'message',
    summary: [subject, text, topic],
    labels: [{ topic, subject, message: text }],
  };
}

function readAlarm(alarm: Field, topic: string | undefined): AlertDraft {
  const name = alarm.get('AlarmName').text;
  const trigger = alarm.get('Trigger');
  return {
    ...alarm.get('NewStateValue').oneOf(STATES),
    dedupKey:
      alarm.get('AlarmArn').text ?? JSON.stringify([alarm.get('AWSAccountId').text, alarm.get('Region').text, name]),
    summary: [alarm.get('AlarmDescription').text, name],
    labels: [
      {
        topic,
        alarm: name,
        account: alarm.get('AWSAccountId').text,
        region: alarm.get('Region').text,
        state: alarm.get('NewStateValue').text,
        reason: alarm.get('NewStateReason').text,
        namespace: trigger.get('Namespace').text,
        metric: trigger.get('MetricName').text,
      },
      Object.fromEntries(
        trigger
          .get('Dimensions')
          .items.map((dimension) => [dimension.get('name').text ?? '', dimension.get('value').text] as const),
      ),
    ],
    startedAt: alarm.get('StateChangeTime').text,
  };
}
