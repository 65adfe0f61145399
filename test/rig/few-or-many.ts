import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** `many` in the project `repetitions`. */
    scale: 'few' | 'many';
  }
}

/**
 * How often something is played whose every play is the same behaviour: few times by `npm test`, many times by
 * `npm run test:repetitions`, which looks for what happens once in a hundred.
 */
export const fewOrMany = (few: number, many: number): number => (inject('scale') === 'many' ? many : few);
