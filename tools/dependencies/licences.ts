import type { LockedPackage } from './lock-file.js';

/** Asks for nothing but to keep the notice, so it fits into a product of any kind. */
const PERMISSIVE = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense'];
/** Data, with its source named. */
const DATA = ['CC-BY-4.0'];
/** Changes of its own files must be published: no matter for a tool that nobody changes or passes on. */
const DEVELOPMENT = ['MPL-2.0'];

/** Packages under a licence that is not on the list, with the licence. */
export function refusedLicences(packages: readonly LockedPackage[]): readonly string[] {
  return packages
    .filter(({ licence, inProduct }) => !isAllowed(licence, inProduct))
    .map(({ name, version, licence }) => `${name}@${version}: ${licence ?? 'no licence'}`);
}

function isAllowed(licence: string | null, inProduct: boolean): boolean {
  const allowed = [...PERMISSIVE, ...DATA, ...(inProduct ? [] : DEVELOPMENT)];
  const alternatives = (licence ?? '').replace(/[()]/g, '').split(' OR ');
  return alternatives.some((one) => one.split(' AND ').every((part) => allowed.includes(part)));
}

/** `MIT` → 120, most frequent first. */
export function countLicences(packages: readonly LockedPackage[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { licence } of packages) counts.set(licence ?? 'unknown', (counts.get(licence ?? 'unknown') ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one);
}
