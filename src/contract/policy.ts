export type * from './policy-schema.js';
