import { createSign, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { isAddressOfSns, verifySnsSignature } from '../../src/alerts/sns-signature.js';
import { loadSource } from '../../src/alerts/sources.js';
import { daysFromNow, newAuthority, newSelfSigned } from '../rig/certificates.js';
import { bodyOf, received } from './samples.js';

const authority = newAuthority();
const SIGNER = authority.issue({ name: 'sns.amazonaws.com', rsa: true });
const TOPIC = 'arn:aws:sns:ap-northeast-1:123456789012:alarms';

const ON_SNS = 'https://sns.ap-northeast-1.amazonaws.com/';
const HEX = '0123456789abcdef'.repeat(2);

type Envelope = Readonly<Record<string, string>>;

/** As SNS signs: each name and its value on a line of its own, in this order. */
function signed(file: string, version: '1' | '2' = '2', fields: Envelope = {}, { key } = SIGNER): Envelope {
  const envelope: Envelope = { ...(bodyOf(file) as Envelope), ...fields, SignatureVersion: version };
  const names =
    envelope['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names.flatMap((name) => (name in envelope ? [`${name}\n${envelope[name]}\n`] : [])).join('');
  const Signature = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
    .update(text)
    .sign(key, 'base64');
  return { ...envelope, Signature };
}

const verify = (body: unknown, certificate = SIGNER.cert) =>
  verifySnsSignature(body, () => Promise.resolve(certificate));

describe('the signature of SNS', () => {
  test.for(['sns.cloudwatch-alarm.json', 'sns.text.json', 'sns.subscription.json'])(
    'of %s is proven, in both versions',
    async (file) => {
      expect(await verify(signed(file, '1'))).toBeNull();
      expect(await verify(signed(file, '2'))).toBeNull();
    },
  );

  test.for(['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn'])(
    'is wrong when somebody has changed %s',
    async (name) => {
      const envelope = { ...signed('sns.cloudwatch-alarm.json'), [name]: 'changed' };
      expect(await verify(envelope)).toMatchObject({ pointer: '/Signature' });
    },
  );

  test('is wrong when somebody has changed the address that confirms a subscription', async () => {
    const envelope = { ...signed('sns.subscription.json'), SubscribeURL: 'https://sns.us-east-1.amazonaws.com/?x' };
    expect(await verify(envelope)).toMatchObject({ pointer: '/Signature' });
  });

  test('is wrong when another key has signed', async () => {
    const other = authority.issue({ name: 'sns.amazonaws.com' });
    expect(await verify(signed('sns.text.json'), other.cert)).toMatchObject({ pointer: '/Signature' });
  });

  test.for([
    [{ SignatureVersion: '3' }, '/SignatureVersion'],
    [{ Signature: null }, '/Signature'],
    [{ SigningCertURL: 'https://sns.ap-northeast-1.amazonaws.com.evil.example/a.pem' }, '/SigningCertURL'],
    [{ SigningCertURL: null }, '/SigningCertURL'],
    [{ SigningCertURL: `${ON_SNS}?Action=GetEndpointAttributes&X-Amz-Signature=00` }, '/SigningCertURL'],
    [{ SigningCertURL: `${ON_SNS}SimpleNotificationService-${HEX}.pem?x` }, '/SigningCertURL'],
    [{ SigningCertURL: `${ON_SNS}x/SimpleNotificationService-${HEX}.pem` }, '/SigningCertURL'],
    [{ SigningCertURL: `${ON_SNS}SimpleNotificationService-${HEX}0.pem` }, '/SigningCertURL'],
    [{ MessageId: { toString: 'x' } }, '/MessageId'],
  ] as const)('of %j is refused at its field, and no certificate is fetched', async ([fields, pointer]) => {
    const fetchCertificate = () => Promise.reject(new Error('fetched'));
    const envelope = { ...signed('sns.text.json'), ...fields };
    expect(await verifySnsSignature(envelope, fetchCertificate)).toMatchObject({ pointer });
  });

  test('that cannot be proven for want of a certificate is an error, so that SNS tries again', async () => {
    await expect(verify(signed('sns.text.json'), '<html>')).rejects.toThrow('did not answer with a certificate');
    await expect(verifySnsSignature(signed('sns.text.json'), () => Promise.reject(new Error('away')))).rejects.toThrow(
      'away',
    );
  });

  test('is not asked of what is delivered raw, where the integration allows that', async () => {
    const source = await loadSource('sns');
    const request = { headers: { 'x-amz-sns-rawdelivery': 'true' }, query: {}, body: 'x' };
    const fetchCertificate = () => Promise.reject(new Error('fetched'));
    const context = { newKey: () => 'k' };
    expect(await source?.verify?.(request, context, fetchCertificate)).toMatchObject({
      message: expect.stringContaining('no signature') as string,
    });
    expect(await source?.verify?.(request, { ...context, rawDelivery: true }, fetchCertificate)).toBeNull();
  });
});

describe('a certificate of SNS', () => {
  const proven = (signer = SIGNER, answer = signer.cert) =>
    verify(signed('sns.text.json', '2', {}, signer), answer).catch((error: Error) => error.message);

  test.for([
    'sns.amazonaws.com',
    'sns.eu-west-1.amazonaws.com',
    'sns-signing.ap-east-1.amazonaws.com',
    'sns-us-gov-west-1.amazonaws.com',
    'sns-cn-north-1.amazonaws.com.cn',
  ])('is issued to %s by somebody who is not known here, as by the authorities of Amazon', async (name) => {
    expect(await proven(authority.issue({ name }))).toBeNull();
  });

  test('is read among whatever stands around it', async () => {
    expect(await proven(SIGNER, `Bag Attributes\n${SIGNER.cert}\n`)).toBeNull();
  });

  test.for([
    'sqs.amazonaws.com',
    'sns.amazonaws.com.evil.example',
    'evil.example/sns.amazonaws.com',
    'snsxamazonaws.com',
    'localhost',
  ])('is not one of %s', async (name) => {
    expect(await proven(authority.issue({ name }))).toContain('not issued to sns.amazonaws.com');
  });

  test('is not one that is over, or begins later', async () => {
    const name = 'sns.amazonaws.com';
    const over = authority.issue({ name, from: daysFromNow(-2), until: daysFromNow(-1) });
    const later = authority.issue({ name, from: daysFromNow(1), until: daysFromNow(2) });
    for (const signer of [over, later]) expect(await proven(signer)).toContain('is valid from');
  });

  test('is no bare key, though the answer holds one', async () => {
    const key = new X509Certificate(SIGNER.cert).publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(await proven(SIGNER, `<value>${key}</value>`)).toContain('did not answer with a certificate');
  });

  test('is not one whose issuers do not fit, or end in somebody who is no root', async () => {
    const stranger = newAuthority();
    expect(await proven(SIGNER, SIGNER.cert + stranger.cert)).toContain('not issued by whom it names');
    expect(await proven(SIGNER, SIGNER.cert + authority.cert)).toContain('not issued by whom it names');
    expect(await proven(SIGNER, SIGNER.cert + SIGNER.cert)).toContain('not issued by whom it names');
    expect(await proven(newSelfSigned('sns.amazonaws.com'))).toContain('not issued by whom it names');
  });

  test('is not one that claims a root which everybody knows', async () => {
    const name = 'C=US\nO=Amazon\nCN=Amazon Root CA 1';
    expect(rootCertificates.some((pem) => Buffer.from(pem.slice(28), 'base64').includes('Amazon Root CA 1'))).toBe(
      true,
    );
    const claimed = newAuthority(name).issue({ name: 'sns.amazonaws.com' });
    expect(new X509Certificate(claimed.cert).issuer).toBe(name);
    expect(await proven(claimed)).toContain('not issued by whom it names');
  });
});

describe('an address of SNS', () => {
  test.for([
    'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem',
    'https://sns.us-gov-west-1.amazonaws.com/x.pem',
    'https://sns.cn-north-1.amazonaws.com.cn/x.pem',
    'https://SNS.ap-northeast-1.amazonaws.com/x.pem',
  ])('is %s', (address) => {
    expect(isAddressOfSns(address)).toBe(true);
  });

  test.for([
    'http://sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.us-east-1.amazonaws.com.evil.example/x.pem',
    'https://evil.example/sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.us-east-1.amazonaws.com@evil.example/x.pem',
    'https://user@sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.us-east-1.amazonaws.com:8443/x.pem',
    'https://sns.us-east-1.amazonaws.com.cn.evil.example/',
    'https://sns.amazonaws.com/x.pem',
    'https://my-sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.s3.amazonaws.com/x.pem',
    'https://sns.us-east-1.s3.amazonaws.com/x.pem',
    'https://169.254.169.254/latest',
    'file:///etc/passwd',
    'x',
    '',
    7,
    undefined,
  ])('is not %s', (address) => {
    expect(isAddressOfSns(address)).toBe(false);
  });
});

describe('sns', () => {
  const subscription = { body: bodyOf('sns.subscription.json') };

  test('confirms the subscription of a topic that is allowed', async () => {
    expect(await received('sns', subscription, { topics: [TOPIC] })).toMatchObject({
      ok: true,
      alerts: [],
      confirm: (subscription.body as Envelope)['SubscribeURL'],
    });
  });

  test('confirms no other: not without a list, not of another topic, not at another address', async () => {
    expect(await received('sns', subscription)).not.toHaveProperty('confirm');
    expect(await received('sns', subscription, { topics: [`${TOPIC}-2`] })).not.toHaveProperty('confirm');
    const elsewhere = { body: { ...(subscription.body as object), SubscribeURL: 'https://evil.example/' } };
    expect(await received('sns', elsewhere, { topics: [TOPIC] })).toMatchObject({
      ok: false,
      problem: { pointer: '/SubscribeURL' },
    });
  });

  test('takes messages of the allowed topics only, and of any where none is named', async () => {
    const request = { body: bodyOf('sns.text.json') };
    expect(await received('sns', request)).toMatchObject({ alerts: [{ action: 'trigger' }] });
    expect(await received('sns', request, { topics: [TOPIC] })).toMatchObject({ alerts: [{ action: 'trigger' }] });
    expect(await received('sns', request, { topics: [`${TOPIC}-2`] })).toMatchObject({ alerts: [], ignored: [{}] });
  });

  test('a message that is delivered again has the key that it had', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => received('sns', { body: bodyOf('sns.text.json') })));
    expect(first).toEqual(second);
  });

  test.for([
    [{ pipeline: 'shop' }, 'stage', 'Build', 'Deploy'],
    [{ pipeline: 'shop', stage: 'Build' }, 'action', 'Compile', 'Test'],
    [{}, 'findingArn', 'arn:1', 'arn:2'],
    [{}, 'findingId', '1', '2'],
  ] as const)('an end of %j ends the trouble of the same %s alone', async ([detail, name, one, other]) => {
    const keyOf = async (state: string, value: string) => {
      const event = { 'detail-type': 'x', resources: ['arn:r'], detail: { ...detail, [name]: value, state } };
      const body = { ...(bodyOf('sns.text.json') as object), Message: JSON.stringify(event) };
      const result = await received('sns', { body });
      return result.ok ? result.alerts[0]?.dedupKey : undefined;
    };
    expect(await keyOf('SUCCEEDED', one)).toBe(await keyOf('FAILED', one));
    expect(await keyOf('SUCCEEDED', other)).not.toBe(await keyOf('FAILED', one));
  });

  describe('the subject of any message', () => {
    const said = async (MessageId: string, Subject: string, Message: string) => {
      const result = await received('sns', {
        body: { ...(bodyOf('sns.text.json') as object), MessageId, Subject, Message },
      });
      if (!result.ok || result.alerts[0] === undefined) throw new Error('no alert');
      return result.alerts[0];
    };

    test.for(['Error: nightly batch', 'Warning: nightly batch', '障害：夜間バッチ'])(
      'never makes two troubles one: %s',
      async (subject) => {
        const [one, other] = [await said('1', subject, 'disk full\non a'), await said('2', subject, 'no route')];
        expect(one.dedupKey).not.toBe(other.dedupKey);
        expect([one.summary, other.summary]).toEqual([`${subject}: disk full`, `${subject}: no route`]);
      },
    );

    test('finds the trouble by an end of the same words', async () => {
      const [trouble, end] = [await said('1', '[Error] DB', 'x'), await said('2', '[OK] DB', 'y')];
      expect(end).toMatchObject({ action: 'resolve', dedupKey: trouble.dedupKey });
    });
  });

  test('reads an alarm that is delivered raw', async () => {
    const { Message } = bodyOf('sns.cloudwatch-alarm.json') as Envelope;
    const headers = { 'x-amz-sns-rawdelivery': 'true', 'x-amz-sns-topic-arn': TOPIC, 'x-amz-sns-message-id': 'm' };
    const raw = await received('sns', { headers, body: JSON.parse(Message ?? '') as unknown });
    expect(raw).toEqual(await received('sns', { body: bodyOf('sns.cloudwatch-alarm.json') }));
    expect(await received('sns', { headers, body: 'plain' })).toMatchObject({
      alerts: [{ dedupKey: 'm', summary: 'plain' }],
    });
  });

  test.for([
    ['ALARM', 'trigger', 'error'],
    ['INSUFFICIENT_DATA', 'trigger', 'warning'],
    ['OK', 'resolve', 'info'],
  ] as const)('an alarm that is %s means %s, %s', async ([state, action, severity]) => {
    const Message = JSON.stringify({ AlarmName: 'cpu', NewStateValue: state });
    const body = { ...(bodyOf('sns.text.json') as object), Message };
    expect(await received('sns', { body })).toMatchObject({ alerts: [{ action, severity, labels: { state } }] });
  });

  test('tells that its subscription was removed, and calls nobody', async () => {
    const body = { ...(bodyOf('sns.subscription.json') as object), Type: 'UnsubscribeConfirmation' };
    expect(await received('sns', { body })).toMatchObject({
      alerts: [],
      ignored: [{ reason: expect.stringContaining('removed') as string }],
    });
  });
});
