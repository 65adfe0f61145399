/** What the workflow bundle registers. */
export { escalation } from './escalation.js';
export { incident } from './incident.js';
export { pigeonCall } from './pigeon-call.js';
