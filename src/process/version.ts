import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('pigeonflow/package.json') as { version: string };

export const VERSION = version;
