/** Gets a calendar of its address, which is a secret: no message holds more of it than its host. */
import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { CalendarUnusable, MAX_BYTES } from './read-ics.js';

const FETCH_TIMEOUT_MS = 10_000;
const MAX_REDIRECTS = 3;

/** This machine, its network's own services, and those of clouds that hand out passwords. */
const REFUSED = new BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
] as const) {
  REFUSED.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::1', 128],
  ['::', 128],
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
] as const) {
  REFUSED.addSubnet(network, bits, 'ipv6');
}

const isRefused = (address: string): boolean => {
  const family = isIP(address);
  // An address of IPv4 within one of IPv6 (::ffff:127.0.0.1) is checked as what it is.
  return family !== 0 && REFUSED.check(address, family === 6 ? 'ipv6' : 'ipv4');
};

/**
 * @param written `https:`, or `webcal:`, which is the same. `http:` and what is on this machine only of `hosts`.
 * @param hosts Names that may be whatever they are.
 * @throws CalendarUnusable
 */
export async function fetchCalendar(written: string, hosts: readonly string[]): Promise<Buffer> {
  const first = addressOf(written, hosts);
  const dispatcher = new Agent({ connect: { lookup: checkedLookup(hosts) } });
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  try {
    let address = first;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const { statusCode, headers, body } = await request(address, {
        dispatcher,
        signal,
        headers: { accept: 'text/calendar' },
      });
      const { location } = headers;
      if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
        await body.dump();
        const next = new URL(location, address);
        if (next.origin !== first.origin)
          throw new CalendarUnusable(`${first.host} sends elsewhere: write the address that it sends to`);
        address = next;
        continue;
      }
      if (statusCode !== 200) throw new CalendarUnusable(`${first.host} answers ${statusCode}`);
      return await bytesOf(body, first.host);
    }
    throw new CalendarUnusable(`${first.host} redirects again and again`);
  } catch (error) {
    if (error instanceof CalendarUnusable) throw error;
    const code =
      error instanceof Error && 'code' in error ? String(error.code) : signal.aborted ? 'too slow' : 'no answer';
    // eslint-disable-next-line preserve-caught-error -- it may hold the address
    throw new CalendarUnusable(`${first.host} is out of reach (${code})`);
  } finally {
    await dispatcher.destroy();
  }
}

function addressOf(written: string, hosts: readonly string[]): URL {
  const text = written.trim().replace(/^webcals?:/i, 'https:');
  if (!URL.canParse(text)) throw new CalendarUnusable('the file does not hold an address such as https://…');
  const address = new URL(text);
  const host = address.hostname.replace(/^\[|\]$/g, '');
  if (hosts.includes(host)) return address;
  if (address.protocol !== 'https:')
    throw new CalendarUnusable('its address is not https:, so that others could read and change it');
  if (isRefused(host)) throw refused(host);
  return address;
}

const refused = (host: string): CalendarUnusable =>
  new CalendarUnusable(
    `${host} is this machine, or a service of its network: name it in PIGEONFLOW_CALENDAR_HOSTS if that is meant`,
  );

function checkedLookup(hosts: readonly string[]): LookupFunction {
  return (host, options, done) => {
    lookUp(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) return done(error, []);
      if (!hosts.includes(host) && found.some(({ address }) => isRefused(address))) return done(refused(host), []);
      if (options.all === true) return done(null, found);
      return done(null, found[0]?.address ?? '', found[0]?.family);
    });
  };
}

async function bytesOf(body: AsyncIterable<Buffer>, host: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new CalendarUnusable(`${host} sends more than ${MAX_BYTES / 1024 / 1024} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
