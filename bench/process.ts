import { readFileSync } from 'node:fs';

/** Of a process, as Linux tells it; null where there is no `/proc`. */
export function residentMiB(pid: number): number | null {
  const kib = /VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1];
  return kib === undefined ? null : Number(kib) / 1024;
}

/** CPU time that it has used so far, in ms; 0 where there is no `/proc`. */
function cpuMs(pid: number | null): number {
  // Behind the name, which may have spaces: user and system time are fields 14 and 15, in hundredths of a second.
  const [user = 0, system = 0] = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? [];
  return (user + system) * 10;
}

/** Watches the CPU that server and worker use; tells what each used since then, in ms for each of `count`. */
export function watchCpu(pids: { readonly server: number | null; readonly worker: number | null }) {
  const used = () => ({ server: cpuMs(pids.server), worker: cpuMs(pids.worker) });
  const before = used();
  return (count: number): Cpu => {
    const after = used();
    return { server: (after.server - before.server) / count, worker: (after.worker - before.worker) / count };
  };
}

/** Milliseconds; 0 where the system does not tell. */
export interface Cpu {
  readonly server: number;
  readonly worker: number;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
