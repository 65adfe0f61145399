import type { CallingPause } from '../contract/calling-pause.js';
import { minute, zoneName } from './clock.js';
import { words } from './words.js';

/** Who pauses all calling, from when until when, and why. */
export const describePause = ({ by, reason, since, until }: CallingPause): string =>
  words().pause.description(by, minute(since), minute(until), zoneName(until), reason);
