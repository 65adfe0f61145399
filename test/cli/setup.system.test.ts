import { Connection } from '@temporalio/client';
import { beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../../src/contract/names.js';
import { KEYWORD } from '../../src/client/search-attributes.js';
import { findTemporalServer } from '../../tools/engine/find-temporal-server.js';
import { freePort } from '../../tools/engine/free-port.js';
import type { ServerSource } from '../../tools/engine/given-server.js';
import { startTemporalServer } from '../../tools/engine/temporal-server.js';
import { runCommand } from '../rig/command.js';
import { frontendWithoutRights } from '../rig/refusing-frontend.js';

let source: ServerSource;
beforeAll(async () => {
  source = await findTemporalServer();
});

/** A server that nobody has prepared for us. */
async function freshServer(context: TestContext) {
  if (source.kind === 'running') context.skip('PIGEONFLOW_DEV_SERVER names a server that runs already');
  const server = await startTemporalServer({ source, searchAttributes: {} });
  context.onTestFinished(() => server.stop());
  const connection = await Connection.connect({ address: server.address });
  context.onTestFinished(() => connection.close());
  return { address: server.address, connection };
}

const setup = (context: TestContext, address: string, ...flags: readonly string[]) =>
  runCommand(['setup', ...flags], {
    variables: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'oncall' },
    lifetime: context,
  });

describe('pigeonflow setup', { timeout: 180_000 }, () => {
  test('makes the namespace and its search attributes, and changes nothing the second time', async (context) => {
    const { address, connection } = await freshServer(context);
    expect(await setup(context, address, '--retention', '10d')).toEqual({
      code: 0,
      stderr: '',
      stdout:
        '✓ The namespace oncall was made; it keeps what is closed for 10d.\n✓ The search attributes are there, as Keyword.\n',
    });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'oncall' });
    expect(customAttributes).toEqual({ [STATE_ATTRIBUTE]: KEYWORD, [OWNER_ATTRIBUTE]: KEYWORD });
    const { code, stdout } = await setup(context, address, '--json');
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({
      code: 0,
      ok: true,
      checks: [
        { check: 'namespace', message: 'The namespace oncall exists; it keeps what is closed for 10d.' },
        { check: 'searchAttributes', ok: true },
      ],
    });
  });

  test('that has not the rights says the command of an administrator', async (context) => {
    const { address } = await freshServer(context);
    const frontend = await frontendWithoutRights(address, context);
    expect(await setup(context, frontend)).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/refuses us .*namespace create --namespace oncall --retention 720h/) as string,
    });
    const existing = { TEMPORAL_ADDRESS: frontend, TEMPORAL_NAMESPACE: 'default' };
    expect(await runCommand(['setup'], { variables: existing, lifetime: context })).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('temporal operator search-attribute create --namespace default') as string,
    });
  });

  test('ends with 10 where nobody answers, and with 2 for a retention that Temporal does not take', async (context) => {
    expect(await setup(context, `127.0.0.1:${await freePort()}`)).toMatchObject({ code: 10 });
    expect(await setup(context, '127.0.0.1:1', '--retention', '1h')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one day (1d) at the least') as string,
    });
  });
});
