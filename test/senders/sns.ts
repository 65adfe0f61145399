import { createSign, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer as createProxy } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { runTool } from '../../tools/engine/run-tool.js';
import { newAuthority } from '../rig/certificates.js';
import { type Stage, TOPIC } from './stage.js';

const HOST = 'sns.ap-northeast-1.amazonaws.com';
const CERTIFICATE = `https://${HOST}/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem`;
const ALARM = 'arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:cpu';

type Message = Readonly<Record<string, string>>;

/**
 * Amazon SNS as far as a receiver meets it: HTTPS at the name of SNS, behind the proxy of the gateway, with the certificate
 * that has signed the messages. That they are signed as SNS signs says `sns-validator`, Amazon's own.
 */
export async function sns(stage: Stage, npm: string): Promise<void> {
  const authority = newAuthority();
  const site = authority.issue({ name: HOST, rsa: true });
  const caFile = join(stage.folder, 'sns-authority.pem');
  writeFileSync(caFile, authority.cert);
  let confirmed = '';
  const server = createServer(site, (request, response) => {
    if (request.url?.includes('ConfirmSubscription')) confirmed = request.url;
    response.end(request.url === new URL(CERTIFICATE).pathname ? site.cert : '<ConfirmSubscriptionResponse/>');
  });
  const port = await listening(server);
  const proxy = createProxy().on('connect', (_, client, head) => {
    const way = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      way.write(head);
      way.pipe(client).pipe(way);
    });
    for (const end of [way, client]) end.on('error', () => (way.destroy(), client.destroy()));
  });
  const HTTPS_PROXY = `http://127.0.0.1:${await listening(proxy)}`;
  try {
    const url = await stage.startGateway({ HTTPS_PROXY, NODE_EXTRA_CA_CERTS: caFile });
    const deliver = async (message: Message, wanted: number): Promise<void> => {
      const headers = {
        'content-type': 'text/plain; charset=UTF-8',
        'x-amz-sns-message-type': String(message['Type']),
      };
      const answered = await fetch(`${url}/v1/alerts/sns/${stage.key}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(message),
      });
      if (answered.status !== wanted) throw new Error(`${answered.status}: ${await answered.text()}`);
    };
    const sign = (message: Message, version: '1' | '2') => signed(message, site.key, version);
    const subscription = sign(SUBSCRIPTION, '2');
    const alarm = sign(alarmIs('ALARM'), '2');
    const over = sign(alarmIs('OK'), '1');
    await areGenuine([subscription, alarm, over], npm, port, caFile);

    await deliver(subscription, 202);
    if (!confirmed.includes('Token=planted')) throw new Error('the subscription was not confirmed');
    await deliver({ ...alarm, Message: String(over['Message']) }, 403);
    await deliver(alarm, 202);
    const incident = stage.incident('sns', ALARM);
    await stage.until(async () => (await incident.listed()).state === 'triggered', 'the alarm opens an incident');
    await deliver(over, 202);
    await stage.until(async () => (await incident.listed()).state === 'resolved', 'OK resolves it');
  } finally {
    for (const one of [server, proxy]) one.closeAllConnections();
    server.close();
    proxy.close();
  }
}

const COMMON = { TopicArn: TOPIC, Timestamp: '2026-11-22T02:10:01.000Z', SigningCertURL: CERTIFICATE };
const SUBSCRIPTION: Message = {
  ...COMMON,
  Type: 'SubscriptionConfirmation',
  MessageId: randomUUID(),
  Message: 'You have chosen to subscribe to the topic.',
  SubscribeURL: `https://${HOST}/?Action=ConfirmSubscription&Token=planted`,
  Token: 'planted',
};

const alarmIs = (NewStateValue: string): Message => ({
  ...COMMON,
  Type: 'Notification',
  MessageId: randomUUID(),
  Subject: `${NewStateValue}: cpu`,
  Message: JSON.stringify({ AlarmName: 'cpu', AlarmArn: ALARM, NewStateValue, NewStateReason: '閾値を超えました' }),
});

function signed(message: Message, key: string, version: '1' | '2'): Message {
  const names = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names.map((name) => (name in message ? `${name}\n${message[name]}\n` : '')).join('');
  const Signature = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
    .update(text)
    .sign(key, 'base64');
  return { ...message, SignatureVersion: version, Signature };
}

async function areGenuine(messages: readonly Message[], npm: string, port: number, caFile: string): Promise<void> {
  const program = join(npm, 'sns-validator.js');
  writeFileSync(
    program,
    `import https from 'node:https';
import tls from 'node:tls';
import Validator from 'sns-validator';
const [port, ...messages] = process.argv.slice(2);
https.globalAgent.createConnection = ({ host }) => tls.connect({ host: '127.0.0.1', port: Number(port), servername: host });
for (const text of messages) {
  const message = JSON.parse(text);
  const check = (one) => new Promise((resolve) => new Validator().validate(one, resolve));
  const problem = await check(message);
  if (problem) throw problem;
  if (!(await check({ ...message, Message: 'planted' }))) throw new Error('anything is genuine to it');
}
`,
  );
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: caFile };
  const texts = messages.map((message) => JSON.stringify(message));
  await runTool(process.execPath, [program, String(port), ...texts], { cwd: npm, environment });
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
