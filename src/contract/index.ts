/**
 * What other packages rely on: `pigeonflow/contract`. Nothing heavy is behind it, so workflow code may import it; the
 * JSON Schemas are files of their own, `pigeonflow/schemas/*.json`.
 */
export type { Activities, InvokeReply, InvokeRequest, RunView } from './activities.js';
export { checkPigeonCallInput, type Checked, type CheckedCallInput } from './check-input.js';
export { DURATION_PATTERN, durationMs } from './duration.js';
export type {
  AcknowledgeInput,
  AlertInput,
  AlertUpdateInput,
  EscalateInput,
  HangUpInput,
  IncidentAnswer,
  IncidentInput,
  IncidentOwner,
  IncidentResult,
  IncidentStatus,
  IncidentTimeline,
  PolicyInput,
  ResolveInput,
  SnoozeInput,
  TimelineItem,
} from './incident-schema.js';
export type { IncidentStateName } from './incident-states.js';
export * from './names.js';
export type {
  Blocker,
  CallState,
  Outcome,
  PigeonCallInput,
  PigeonCallResult,
  PigeonCallStatus,
  TelephoneCall,
} from './pigeon-call-schema.js';
