/** Of its JSON, which is what the server stores where nothing is encrypted. */
export const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value ?? null)).length;

/** The server takes 2 MiB for the input of a run, all of it together; the rest is room for an encryption and for headers. */
export const MAX_CARRIED_BYTES = 1_900_000;
