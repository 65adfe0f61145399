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

export function lockedPackages(lock: LockFile, product: LockFile): readonly LockedPackage[] {
  return Object.entries(lock.packages).flatMap(([place, entry]) => {
    if (place === '') return [];
    const name = nameAt(place);
    return {
      name,
      version: entry.version ?? '?',
      licence: entry.license ?? knownLicence(name),
      integrity: entry.integrity ?? null,
      inProduct: place in product.packages,
      forOnePlatform: entry.optional === true && entry.os !== undefined,
    };
  });
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
