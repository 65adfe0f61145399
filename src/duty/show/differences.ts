import { stretches, type Stretch } from '../on-duty.js';
import type { Schedule, Turn } from '../schedule.js';

export interface Difference {
  readonly from: number;
  readonly to: number;
  readonly before: Turn;
  readonly after: Turn;
}

/** When other people are on duty by the one schedule than by the other. */
export function differences(before: Schedule, after: Schedule, from: number, to: number): readonly Difference[] {
  const [olds, news] = [[...stretches(before, [], from, to)], [...stretches(after, [], from, to)]];
  const edges = new Set([...olds, ...news].map((stretch) => stretch.from).concat(to));
  const sorted = [...edges].toSorted((a, b) => a - b);
  const at = (of: readonly Stretch[], moment: number): Turn =>
    of.find((stretch) => stretch.from <= moment && moment < stretch.to)?.people ?? [];
  const found: Difference[] = [];
  for (const [index, begin] of sorted.slice(0, -1).entries()) {
    const one = { from: begin, to: sorted[index + 1] ?? to, before: at(olds, begin), after: at(news, begin) };
    if (one.before.join() === one.after.join()) continue;
    const last = found.at(-1);
    const isMore =
      last?.to === one.from && last.before.join() + last.after.join() === one.before.join() + one.after.join();
    if (isMore) found.splice(-1, 1, { ...last, to: one.to });
    else found.push(one);
  }
  return found;
}
