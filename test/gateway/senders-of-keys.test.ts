import { expect, test } from 'vitest';
import { SendersOfKeys } from '../../src/gateway/keys/keys.js';
import { source as alertmanager } from '../../src/alerts/sources/alertmanager.js';
import { source as grafana } from '../../src/alerts/sources/grafana.js';

const request = (body: unknown) => ({ headers: {}, query: {}, body });

test.for([
  ['alertmanager', alertmanager],
  ['grafana', grafana],
] as const)('%s: two that send with one key are warned of once', ([, source]) => {
  const warned: unknown[] = [];
  const log = { warn: (about: unknown) => void warned.push(about) };
  const senders = new SendersOfKeys();
  const hear = (key: string, externalURL?: string) =>
    senders.heard(key, source.senderOf?.(request({ externalURL })), log);
  hear('tokyo', 'http://am.tokyo');
  hear('osaka', 'http://am.osaka');
  hear('tokyo', 'http://am.tokyo');
  hear('tokyo');
  expect(warned).toEqual([]);
  hear('tokyo', 'http://am.osaka');
  hear('tokyo', 'http://am.kyoto');
  expect(warned).toEqual([{ key: 'tokyo', senders: ['http://am.tokyo', 'http://am.osaka'] }]);
});
