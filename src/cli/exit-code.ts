/** Exit codes of the command; scripts rely on them. */
export const ExitCode = {
  done: 0,
  internal: 1,
  usage: 2,
} as const;
