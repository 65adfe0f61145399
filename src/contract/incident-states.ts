/** The states of an incident, as everybody outside sees them. Whatever must know all of them reads them here. */
export const INCIDENT_STATES = {
  triggered: 'People are being called, or will be after a wait.',
  blocked:
    'Nothing rings: the space refuses us or is out of reach, or no telephone rang in a whole round of the policy, which begins again after 10, 20, 40 s … 10 min, for a day.',
  snoozed: 'Nobody is called until then: a person has snoozed it, or a silence holds it.',
  acknowledged: 'Somebody owns it.',
  resolved: 'Over.',
  exhausted:
    'The policy has ended and nobody was reached. Open and unattended: any report of its alert begins the policy again; after a day without one it closes. With `until: acknowledged` it closes at once.',
  cancelled: 'Over: somebody cancelled it.',
} as const;
export type IncidentStateName = keyof typeof INCIDENT_STATES;
export const INCIDENT_STATE_NAMES = Object.keys(INCIDENT_STATES) as readonly IncidentStateName[];

/** Those in which it closes. */
export const FINAL_STATES = [
  'resolved',
  'acknowledged',
  'exhausted',
  'cancelled',
] as const satisfies readonly IncidentStateName[];
export type FinalState = (typeof FINAL_STATES)[number];

/** What it may be open for. */
export const UNTIL = ['resolved', 'acknowledged'] as const satisfies readonly FinalState[];
export type Until = (typeof UNTIL)[number];
