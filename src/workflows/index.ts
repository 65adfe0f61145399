/** What the workflow bundle registers. */
export { pigeonCall } from './pigeon-call.js';
