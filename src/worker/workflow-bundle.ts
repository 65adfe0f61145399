import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type BundleOptions } from '@temporalio/worker';

const require = createRequire(import.meta.url);

/** A bundle runs only on the SDK version that made it, so its name says which one that was. */
export function bundlePath(): string {
  const { version } = require('@temporalio/worker/package.json') as { version: string };
  return fileURLToPath(new URL(`./workflow-bundle.${version}.js`, import.meta.url));
}

/** The workflow code: made at build time, or now (2 to 3 s) where the SDK is another version than then. */
export async function loadWorkflowCode(): Promise<string> {
  const path = bundlePath();
  return existsSync(path) ? readFileSync(path, 'utf8') : await bundleWorkflows();
}

/**
 * Bundles the workflows, from TypeScript in a checkout and from JavaScript in the package.
 *
 * @param adapt what a test adds to the bundler's options, such as counters for coverage.
 */
export async function bundleWorkflows(adapt = (options: BundleOptions): BundleOptions => options): Promise<string> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const workflowsPath = fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url));
  const { code } = await bundleWorkflowCode(
    adapt({
      workflowsPath,
      // Loaded once for all workflows, not for each again: whatever a workflow keeps, it keeps in its functions.
      preloadModules: [workflowsPath],
      failureConverterPath: fileURLToPath(new URL(`../workflows/failure-converter.${extension}`, import.meta.url)),
      workflowInterceptorModules: [fileURLToPath(new URL(`../workflows/trace-headers.${extension}`, import.meta.url))],
      logger: silent,
      webpackConfigHook: (config) => ({
        ...config,
        // Lines, without columns: stack traces stay readable, and what each worker loads is a fifth smaller.
        devtool: 'inline-cheap-module-source-map',
        // `.js` in an import path is TypeScript's way to name a `.ts` file.
        resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
        // Ours become one module. The SDK freezes what a preloaded module exports; validators write their errors to themselves.
        optimization: { ...config.optimization, concatenateModules: true, usedExports: true },
      }),
    }),
  );
  return code;
}

const nothing = () => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
