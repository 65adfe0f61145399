/** Of an alert's parameters in all, as characters of JSON: they are read aloud, and travel with each continuation. */
export const MOST_PARAMETERS = 16_384;
