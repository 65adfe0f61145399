import { neverPicksUp } from '../../src/emulator/emulator.js';
import { callTo } from '../rig/rig.js';

export const OTHER = '0300000009';
export const many = (count: number) => Array.from({ length: count }, () => neverPicksUp());

/** A call that holds the only line for so many passes of 30 s. */
export const holdingTheLine = (passes: number) =>
  callTo(OTHER, {
    callflow: { loopLimit: passes, contacts: [{ displayName: '他', phones: [{ phoneNumber: OTHER }] }] },
  });
