/** Of an alert's parameters in all, as characters of JSON: they are read aloud, and travel with each continuation. */
export const MAX_PARAMETERS_LENGTH = 16_384;

/**
 * Of a policy in its normal form, as JSON in UTF-8. A payload of Temporal holds 2 MiB: an incident that continues as new carries its
 * policy once, and its timeline in what is left.
 */
export const MAX_POLICY_BYTES = 524_288;

/** The server takes 2 MiB for the input of a run, all of it together; the rest is room for an encryption and for headers. */
export const MAX_CARRIED_BYTES = 1_900_000;
