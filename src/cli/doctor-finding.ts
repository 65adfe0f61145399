import type { ExitCode } from './exit-code.js';

/** One thing that was looked at. */
export type Finding =
  | { readonly check: Check; readonly ok: true; readonly message: string }
  /** `exitCode` is what the command ends with, unless something before it is wrong as well. */
  | { readonly check: Check; readonly ok: false; readonly message: string; readonly exitCode: ExitCode };

export type Check =
  | 'configuration'
  | 'encryption'
  | 'temporal'
  | 'namespace'
  | 'searchAttributes'
  | 'version'
  | 'workers'
  | 'pause'
  | 'pigeon';
