/** `2026-11-23 01:38:17 UTC`: a time for people, of epoch milliseconds. */
export const clock = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
