/**
 * The direction of imports: each folder of `src`, and the folders of ours that it may import. A folder that is not named
 * here may not be imported at all. Tests may import everything.
 */
const may = {
  contract: [],
  pigeon: [],
  policy: ['contract'],
  simulate: ['policy', 'contract'],
  'policy-file': ['policy', 'simulate', 'contract'],
  workflows: ['contract', 'policy'],
  activities: ['pigeon', 'policy', 'policy-file', 'contract'],
  client: ['contract', 'policy', 'search-attributes.ts', 'tls'],
  client: ['calling-pause.ts', 'contract', 'policy', 'search-attributes.ts'],
  'client.ts': ['client', 'contract'],
  'calling-pause.ts': ['contract'],
  gateway: ['client', 'client.ts', 'policy-file', 'contract'],
  emulator: ['pigeon/wire.ts'],
  codec: ['named-file.ts'],
  'codec.ts': ['codec'],
  'codec-server': ['codec.ts', 'config.ts', 'tls'],
  'codec-server.ts': ['codec-server', 'codec.ts', 'config.ts', 'health.ts', 'logging.ts'],
  tls: ['named-file.ts'],
  'config.ts': ['named-file.ts', 'tls'],
  'named-file.ts': [],
  'health.ts': ['config.ts'],
  'logging.ts': ['codec.ts', 'config.ts'],
  'search-attributes.ts': ['contract'],
  'worker-metrics.ts': ['config.ts', 'contract'],
  'workflow-bundle.ts': [],
  'worker.ts': [
    'activities',
    'calling-pause.ts',
    'codec.ts',
    'config.ts',
    'contract',
    'health.ts',
    'logging.ts',
    'pigeon',
    'search-attributes.ts',
    'tls',
    'worker-metrics.ts',
    'workflow-bundle.ts',
  ],
};
const inside = (place) => `^src/${place.replace('.', '\\.')}(/|$)`;

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'nothing-imports-the-command',
      severity: 'error',
      from: { pathNot: '^src/cli(/|\\.ts$)' },
      to: { path: '^src/cli(/|\\.ts$)' },
    },
    {
      name: 'workflows-use-no-node-built-ins-and-no-heavy-packages',
      severity: 'error',
      from: { path: '^src/(workflows|policy)/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], pathNot: '@temporalio/(workflow|common)' },
    },
    ...Object.entries(may).map(([place, allowed]) => ({
      name: `direction-of-${place}`,
      severity: 'error',
      from: { path: inside(place) },
      to: {
        path: '^src/',
        pathNot: [inside(place), ...allowed.map(inside)],
      },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
