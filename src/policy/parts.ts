/** The parts of a policy file, whichever of their short forms is written. */
import type { Path } from '../yaml-file/schema.js';
import type { ActionOfFile, CallOfFile, PolicyFile, StepOfFile } from './policy-file-schema.js';

export interface KeyOfFile {
  /** "1" to "9". */
  readonly key: string;
  readonly say: string | undefined;
  readonly action: ActionOfFile;
}

export function callsOf({ call }: StepOfFile): readonly CallOfFile[] {
  return [call].flat();
}

export function keysOf({ keys }: StepOfFile): readonly KeyOfFile[] {
  return Object.entries(keys).map(([key, value]) =>
    typeof value === 'object' && 'do' in value
      ? { key, say: value.say, action: value.do }
      : { key, say: undefined, action: value },
  );
}

/** Whether what the action does ends the call. */
export function decides(action: ActionOfFile): boolean {
  return action !== 'next' && action !== 'leave';
}

/** A step, and where its parts are in the file. */
export interface Placed {
  readonly name: string;
  readonly step: StepOfFile;
  readonly path: Path;
  readonly calls: readonly { readonly call: CallOfFile; readonly path: Path }[];
  readonly keys: readonly (KeyOfFile & { readonly path: Path })[];
}

export function stepsOf({ steps }: PolicyFile): readonly Placed[] {
  return Object.entries(steps).map(([name, step]) => {
    const path = ['steps', name];
    return {
      name,
      step,
      path,
      calls: callsOf(step).map((call, index) => ({ call, path: [...path, 'call', index] })),
      keys: keysOf(step).map((key) => ({ ...key, path: [...path, 'keys', key.key] })),
    };
  });
}
