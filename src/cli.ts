#!/usr/bin/env node
import { runCommandLine } from './cli/program.js';

// The reader of the output may leave first, such as `head` or a terminal that was closed.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

await runCommandLine(process.argv);
