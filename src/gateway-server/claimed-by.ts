/** As the contract bounds it. */
const LONGEST = 200;

/**
 * Who asks, where a key proves only whose key it is: the name that its holder claims, and marked so, `sato (via shop)`.
 *
 * @param claimed What the caller says; without it the holder of the key alone is named.
 */
export function claimedBy(claimed: string | null | undefined, holder: string): string {
  const name = (claimed ?? '').trim();
  if (name === '') return holder;
  const via = ` (via ${holder})`;
  return `${name.slice(0, LONGEST - via.length)}${via}`;
}
