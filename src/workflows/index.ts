/** What the workflow bundle registers. */
export { callingPause } from './calling-pause.js';
export { canary } from './canary.js';
export { duty } from './duty.js';
export { escalation } from './escalation.js';
export { incident } from './incident.js';
export { lostRuns } from './lost-runs.js';
export { pigeonCall } from './pigeon-call.js';
export { silences } from './silences.js';
