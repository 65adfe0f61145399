import { expect, test } from 'vitest';
import { MAX_CHANGES, MAX_UPDATES_WITH_CHANGES, RunRoom } from '../../src/incident/updates.js';

const after = (changes: number, others: number): RunRoom => {
  const room = new RunRoom();
  for (let n = 0; n < changes; n += 1) room.taken('alert');
  for (let n = 0; n < others; n += 1) room.taken('acknowledge');
  return room;
};

test.for([
  [0, 0, true],
  [MAX_CHANGES - 1, 0, true],
  [MAX_CHANGES, 0, false],
  [0, MAX_UPDATES_WITH_CHANGES - 1, true],
  [0, MAX_UPDATES_WITH_CHANGES, false],
] as const)('after %s changes and %s updates of people, room for one more change: %s', ([changes, others, room]) => {
  expect(after(changes, others).hasRoomFor('change')).toBe(room);
  expect(after(changes, others).hasRoomFor('worse')).toBe(true);
  expect(after(changes, others).hasRoomFor('beginsAgain')).toBe(true);
});
