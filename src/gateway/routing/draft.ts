import type { Place, Placed } from '../../policy-file/problem.js';
import type { Rule } from './routes.js';

/** A rule as it was read, with the places that later checks point to. */
export interface DraftRule {
  readonly name: Placed<string>;
  readonly rule: Rule;
  /** Undefined where it ignores. */
  readonly policy: Placed<string> | undefined;
  /** Of the rule's own parameters, by name. */
  readonly parameterPlaces: ReadonlyMap<string, Place>;
  /** Where `resolves` is written, if it is. */
  readonly resolvesPlace: Place | undefined;
  /** Of its sources, as they are written. */
  readonly sources: readonly Placed<string>[];
  /** Where times are given as moments: when the last of them is over. */
  readonly over: Placed<number> | undefined;
}
