/**
 * The direction of imports: each folder of `src`, and the folders of ours that it may import. A folder that is not named
 * here may not be imported at all. Tests may import everything.
 */
const may = {
  contract: [],
  pigeon: [],
  words: ['contract'],
  'yaml-file': ['contract'],
  incident: ['contract', 'words'],
  config: ['contract', 'words'],
  process: ['config'],
  codec: ['config', 'process'],
  policy: ['contract', 'incident', 'words', 'yaml-file'],
  duty: ['contract', 'words', 'yaml-file'],
  people: ['contract', 'duty', 'policy', 'process', 'words', 'yaml-file'],
  import: ['duty', 'people', 'policy'],
  simulate: ['contract', 'incident', 'people', 'words', 'yaml-file'],
  workflows: ['contract', 'duty/overrides.ts', 'incident', 'words'],
  activities: ['contract', 'people', 'pigeon', 'policy', 'words'],
  client: ['contract', 'incident', 'process', 'words'],
  'client.ts': ['client', 'contract'],
  alerts: ['contract'],
  routing: ['alerts', 'client', 'contract', 'policy', 'yaml-file'],
  gateway: [
    'alerts',
    'client',
    'client.ts',
    'codec',
    'config',
    'contract',
    'duty',
    'incident',
    'people',
    'pigeon',
    'policy',
    'process',
    'routing',
    'words',
    'yaml-file',
  ],
  emulator: ['pigeon/wire.ts'],
  'first-call': ['config', 'emulator', 'pigeon'],
  'codec-server': ['codec', 'config', 'process'],
  worker: ['client', 'config', 'contract', 'process', 'words'],
  'worker.ts': [
    'activities',
    'client',
    'codec',
    'config',
    'contract',
    'people',
    'pigeon',
    'process',
    'words',
    'worker',
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
      from: { path: '^src/(workflows|incident|words)/' },
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
