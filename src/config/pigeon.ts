/** The space, the way to it, and who we are there. */
import { credential, requiredToken, sourceOf, type Credential, type Environment, type Setting } from './variables.js';

export interface PigeonConfig {
  readonly baseUrl: string;
  readonly token: Credential;
  readonly basicAuth: Credential | null;
  readonly proxy: Proxy;
}

type Proxy = { readonly httpProxy?: string; readonly httpsProxy?: string; readonly noProxy?: string } | null;

export const proxy = (meaning: string): Setting<Proxy> => ({
  rows: [{ names: ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'], default: 'none', meaning }],
  read: (env) => {
    const [httpProxy, httpsProxy, noProxy] = ['http_proxy', 'https_proxy', 'no_proxy'].map(
      (name) => env[name] || env[name.toUpperCase()],
    );
    if (httpProxy === undefined && httpsProxy === undefined) return null;
    return { ...(httpProxy && { httpProxy }), ...(httpsProxy && { httpsProxy }), ...(noProxy && { noProxy }) };
  },
});

const baseUrl: Setting<string> = {
  rows: [
    { names: ['PIGEON_SPACE'], default: '', meaning: 'the space: the name before `.cloud.kompira.jp`' },
    { names: ['PIGEON_BASE_URL'], default: '', meaning: 'instead: its whole address, such as that of the emulator' },
  ],
  read: readBaseUrl,
};

const token = requiredToken({
  name: 'PIGEON_API_TOKEN',
  meaning: 'file that holds the API token, read again at each request; or the token itself',
  more: 'with a file a new token needs no restart',
});

const basicAuth = credential({
  name: 'PIGEON_BASIC_AUTH',
  meaning: 'file that holds `user:password` of HTTP Basic in front of the space; or these themselves',
  form: { pattern: /:/, must: 'user:password' },
});

const outwards = proxy('a proxy on the way to Pigeon');

export const pigeon: Setting<PigeonConfig> = {
  rows: [baseUrl, token, basicAuth, outwards].flatMap(({ rows }) => rows),
  read: (env, problems) => ({
    baseUrl: baseUrl.read(env, problems),
    token: token.read(env, problems),
    basicAuth: basicAuth.read(env, problems),
    proxy: outwards.read(env, problems),
  }),
  shown: ({ baseUrl, token, basicAuth, proxy }) => ({
    baseUrl,
    token: sourceOf(token),
    basicAuth: sourceOf(basicAuth),
    proxy: proxy === null ? 'none' : 'from the environment',
  }),
};

/** For Pigeon's webhook; null is off. */
export const webhookPigeon: Setting<PigeonConfig | null> = {
  rows: [
    {
      names: [baseUrl, token, basicAuth].flatMap(({ rows }) => rows.flatMap(({ names }) => names)),
      default: 'off',
      meaning: 'the space, for its [webhook](../how-to/run-the-gateway.md#pigeons-webhook)',
    },
  ],
  read: (env, problems) => {
    const names = [baseUrl, token].flatMap(({ rows }) => rows.flatMap((row) => row.names));
    return names.some((name) => env[name]) ? pigeon.read(env, problems) : null;
  },
};

function readBaseUrl(env: Environment, problems: string[]): string {
  const space = env['PIGEON_SPACE'];
  const url = env['PIGEON_BASE_URL'];
  if (Boolean(space) === Boolean(url)) {
    problems.push(
      'give one of PIGEON_SPACE (the name before .cloud.kompira.jp) and PIGEON_BASE_URL (the whole address, such as that of the emulator)',
    );
    return '';
  }
  if (space) {
    if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(space)) return `https://${space}.cloud.kompira.jp`;
    problems.push(`PIGEON_SPACE must be the name of the space alone, such as "example", without a dot or a slash`);
    return '';
  }
  if (url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) {
    const { username, password } = new URL(url);
    if (username === '' && password === '') return url.replace(/\/+$/, '');
    problems.push(
      'PIGEON_BASE_URL must not hold a user or a password: use PIGEON_BASIC_AUTH or PIGEON_BASIC_AUTH_FILE',
    );
    return '';
  }
  problems.push('PIGEON_BASE_URL must be an address such as https://example.cloud.kompira.jp');
  return '';
}
