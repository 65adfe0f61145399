export type PageAct = 'pick-up' | 'press' | 'hang-up';

/** What of the page a request is for; `undefined` belongs to the API. */
export type PageRoute =
  | { readonly kind: 'asset'; readonly name: string }
  | { readonly kind: 'events' }
  | { readonly kind: 'act'; readonly act: PageAct; readonly callId: string }
  | { readonly kind: 'unknown' };

const ACTS: Readonly<Record<string, PageAct>> = { 'pick-up': 'pick-up', press: 'press', 'hang-up': 'hang-up' };

export function pageRouteOf(path: string): PageRoute | undefined {
  if (path === '/') return { kind: 'asset', name: 'index.html' };
  if (!path.startsWith('/page/')) return undefined;
  const rest = path.slice('/page/'.length);
  if (rest === 'events') return { kind: 'events' };
  const [, id = '', word = ''] = /^calls\/([^/]+)\/([a-z-]+)$/.exec(rest) ?? [];
  const act = Object.hasOwn(ACTS, word) ? ACTS[word] : undefined;
  const callId = decoded(id);
  if (act !== undefined && callId !== undefined) return { kind: 'act', act, callId };
  // One name without a folder, so that no path leads out of the assets.
  return /^[a-z][a-z-]*\.(js|css|svg)$/.test(rest) ? { kind: 'asset', name: rest } : { kind: 'unknown' };
}

function decoded(id: string): string | undefined {
  try {
    return decodeURIComponent(id);
  } catch {
    return undefined;
  }
}
