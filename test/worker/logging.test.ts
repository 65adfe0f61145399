import { ApplicationFailure } from '@temporalio/common';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { temporalLogger } from '../../src/process/logging.js';

/** The lines that Temporal's logger writes when all levels are on. */
function lines(write: (logger: ReturnType<typeof temporalLogger>) => void): readonly unknown[] {
  const written: unknown[] = [];
  const sink = { write: (line: string) => void written.push(JSON.parse(line)) };
  const log = pino(
    { level: 'trace', base: null, timestamp: false, formatters: { level: (label) => ({ level: label }) } },
    sink,
  );
  write(temporalLogger(log));
  return written;
}

describe("Temporal's own log lines", () => {
  test('keep their level', () => {
    const written = lines((logger) => {
      logger.trace('t');
      logger.debug('d');
      logger.info('i');
      logger.warn('w');
      logger.error('e');
      logger.log('WARN', 'l');
    });
    expect(written).toEqual([
      { level: 'trace', msg: 't' },
      { level: 'debug', msg: 'd' },
      { level: 'info', msg: 'i' },
      { level: 'warn', msg: 'w' },
      { level: 'error', msg: 'e' },
      { level: 'warn', msg: 'l' },
    ]);
  });

  test('keep ids and names, and lose every value', () => {
    const ids = { workflowId: 'w', runId: 'r', workflowType: 'pigeonCall', taskQueue: 'q', sdkComponent: 'workflow' };
    const values = { args: ['0300000001'], result: 'x', taskToken: 'x', durationMs: 1 };
    expect(lines((logger) => logger.info('m', { ...ids, ...values }))).toEqual([{ level: 'info', msg: 'm', ...ids }]);
  });

  test('name the run of an activity as they name the run of a workflow', () => {
    const meta = { workflowId: 'w', workflowRunId: 'r', activityId: '1', activityType: 'invoke', attempt: 1 };
    expect(lines((logger) => logger.warn('Activity failed', meta))).toEqual([
      {
        level: 'warn',
        msg: 'Activity failed',
        workflowId: 'w',
        runId: 'r',
        activityId: '1',
        activityType: 'invoke',
        attempt: 1,
      },
    ]);
  });

  test('tell an error by its class, its failure type and its place, never by its message', () => {
    const error = ApplicationFailure.create({ type: 'PigeonRefused', message: 'planted 0300000001' });
    const [line] = lines((logger) => logger.warn('Activity failed', { error }));
    expect(line).toMatchObject({
      error: { name: 'ApplicationFailure', type: 'PigeonRefused', at: expect.stringMatching(/^at /) as string },
    });
    expect(JSON.stringify(line)).not.toContain('planted');
  });

  test.for([
    ['the life cycle of the SDK', 'INFO', 'Worker state changed', 'debug'],
    [
      'that the queue of the POST has no workflows',
      'WARN',
      'No workflows registered, not polling for workflow tasks',
      'debug',
    ],
    ['a real warning of a worker', 'WARN', 'Worker shutting down', 'warn'],
  ] as const)('%s is of level %3$s', ([, level, message, written]) => {
    expect(lines((logger) => logger.log(level, message, { sdkComponent: 'worker' }))).toMatchObject([
      { level: written },
    ]);
  });
});
