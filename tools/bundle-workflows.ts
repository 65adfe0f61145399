/** Part of `npm run build`: bundles the workflows beside the compiled worker, so that it starts without webpack's seconds. */
import { writeFile } from 'node:fs/promises';
import { bundlePath, bundleWorkflows } from '../src/worker/workflow-bundle.js';

await writeFile(bundlePath(), await bundleWorkflows());
