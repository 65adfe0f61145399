import { Command } from 'commander';
import type { Finding } from './doctor-finding.js';
import { ExitCode } from './exit-code.js';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('say what is right and what to correct: configuration, Temporal, workers, Pigeon; calls nobody')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async ({ json }: { readonly json?: true }) => {
      const { diagnose } = await import('./doctor-diagnose.js');
      const findings = await diagnose(process.env);
      process.exitCode = exitCodeFor(findings);
      if (json === true) console.log(asJson(findings));
      else for (const { ok, message } of findings) console.log(`${ok ? '✓' : '✗'} ${message}`);
    });
}

/** The first thing that is wrong decides: what comes after it may follow from it. */
function exitCodeFor(findings: readonly Finding[]): ExitCode {
  return findings.find((finding) => !finding.ok)?.exitCode ?? ExitCode.done;
}

function asJson(findings: readonly Finding[]): string {
  const exitCode = exitCodeFor(findings);
  const checks = findings.map(({ check, ok, message }) => ({ check, ok, message }));
  return JSON.stringify({ ok: exitCode === ExitCode.done, exitCode, checks }, null, 2);
}

const HELP = `
It reads the configuration of the worker, so run it where a worker runs, with the same environment.

Exit codes, of the first thing that is wrong: 0 all is right, 2 something to configure or to start (the configuration,
the namespace, its search attributes, the workers), 9 Pigeon refuses us, 10 Temporal or Pigeon is out of reach, 11 calling is
paused.
`;
