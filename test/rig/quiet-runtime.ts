import { DefaultLogger, Runtime } from '@temporalio/worker';

let isInstalled = false;

/** Once a process. Faults are the subject of many tests: what the SDK says of them would fill the screen. */
export function quietRuntime(): void {
  if (isInstalled) return;
  isInstalled = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
}
