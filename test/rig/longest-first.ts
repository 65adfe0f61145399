import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes, longest first: begun last, they would be waited for alone. */
const LONG = ['full-queue', 'incident-scripts', 'late-runs', 'rejected-all-day', 'lost-runs', 'stuck-runs'];

/** Files in the usual order, but for those. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = LONG.findIndex((name) => moduleId.endsWith(`/time-skipping/${name}.test.ts`));
      return index === -1 ? LONG.length : index;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- that of the base class, which copies
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
