import { type Credential, type Environment, missing, readCredential } from './variables.js';

export interface PigeonConfig {
  readonly baseUrl: string;
  readonly token: Credential;
  readonly basicAuth: Credential | null;
  readonly proxy: { readonly httpProxy?: string; readonly httpsProxy?: string; readonly noProxy?: string } | null;
}

export function readPigeon(env: Environment, problems: string[]): PigeonConfig {
  return {
    baseUrl: readBaseUrl(env, problems),
    token: readCredential(env, 'PIGEON_API_TOKEN', problems) ?? missing('PIGEON_API_TOKEN', problems),
    basicAuth: readBasicAuth(env, problems),
    proxy: readProxy(env),
  };
}

export function readProxy(env: Environment): PigeonConfig['proxy'] {
  const [httpProxy, httpsProxy, noProxy] = ['http_proxy', 'https_proxy', 'no_proxy'].map(
    (name) => env[name] || env[name.toUpperCase()],
  );
  if (httpProxy === undefined && httpsProxy === undefined) return null;
  return { ...(httpProxy && { httpProxy }), ...(httpsProxy && { httpsProxy }), ...(noProxy && { noProxy }) };
}

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

function readBasicAuth(env: Environment, problems: string[]): Credential | null {
  const credential = readCredential(env, 'PIGEON_BASIC_AUTH', problems);
  if (credential !== null && 'value' in credential && !credential.value.includes(':')) {
    problems.push('PIGEON_BASIC_AUTH must be user:password');
  }
  return credential;
}
