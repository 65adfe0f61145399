/** What this project needs of `package-lock.json`, version 3: every package by its place, the root by `''`. */
export interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

export interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  /** Of packages for one platform alone. */
  readonly os?: readonly string[];
  readonly optional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package that is locked. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression; null where neither the lock nor we know it. */
  readonly licence: string | null;
  readonly integrity: string | null;
  /** Installed with pigeonflow and the Temporal SDK; else only where pigeonflow is developed. */
  readonly inProduct: boolean;
  readonly forOnePlatform: boolean;
}

export function lockedPackages(lock: LockFile): readonly LockedPackage[] {
  const product = reachable(lock);
  return Object.entries(lock.packages).flatMap(([place, entry]) => {
    if (place === '') return [];
    const name = nameAt(place);
    return {
      name,
      version: entry.version ?? '?',
      licence: entry.license ?? knownLicence(name),
      integrity: entry.integrity ?? null,
      inProduct: product.has(place),
      forOnePlatform: entry.optional === true && entry.os !== undefined,
    };
  });
}

/** Places of what the root and its peers need. The SDK is a peer: whoever installs pigeonflow installs it too. */
function reachable({ packages }: LockFile): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [''];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const entry = packages[place] ?? {};
    const needed = { ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies };
    for (const name of Object.keys(needed)) {
      const at = placeOf(name, place, packages);
      if (at === null || found.has(at)) continue; // a peer that is optional may be absent
      found.add(at);
      waiting.push(at);
    }
  }
  return found;
}

/** As Node.js looks for it: from the folder of whoever asks upwards. */
function placeOf(name: string, from: string, packages: LockFile['packages']): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (place in packages) return place;
    if (folder === '') return null;
  }
}

const nameAt = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Where the lock does not say it: packages of other platforms, and one whose `package.json` has no field for it. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/^@(oxlint|oxc-parser)\/binding-/, 'MIT'],
  [/^@oxlint-tsgolint\//, 'MIT'],
  [/^@swc\/core-/, 'Apache-2.0 AND MIT'],
  [/^unionfs$/, 'Unlicense'], // its file LICENSE
];

const knownLicence = (name: string): string | null => KNOWN.find(([pattern]) => pattern.test(name))?.[1] ?? null;
