import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import {
  type Environment,
  readCodecServerConfig,
  readGatewayConfig,
  readWorkerConfig,
} from '../../src/config/config.js';
import { findOnPath } from '../../tools/engine/find-on-path.js';
import { projectRoot } from '../../tools/engine/project-root.js';

const READERS = {
  worker: readWorkerConfig,
  gateway: readGatewayConfig,
  'codec-server': readCodecServerConfig,
} as const;
type Role = keyof typeof READERS;
const ROLES: readonly Role[] = ['worker', 'gateway', 'codec-server'];
const FOLDER = join(projectRoot, 'ops/kubernetes');

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Container {
  readonly args: readonly string[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly { readonly name: string }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
interface Deployment {
  readonly kind: 'Deployment';
  readonly spec: {
    readonly selector: { readonly matchLabels: object };
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly [Container];
        readonly volumes: readonly {
          readonly name: string;
          readonly secret?: { readonly items?: readonly { readonly key: string; readonly path: string }[] };
        }[];
      };
    };
  };
}
interface NetworkPolicy {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly podSelector: { readonly matchLabels: object };
    readonly ingress: readonly { readonly ports: readonly { readonly port: string }[] }[];
  };
}
interface Budget {
  readonly kind: 'PodDisruptionBudget';
  readonly spec: { readonly selector: { readonly matchLabels: object } };
}

function manifests(role: Role) {
  const file = role === 'codec-server' ? `encryption/${role}.yaml` : `${role}.yaml`;
  const all = parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8')).map(
    (document) => document.toJS() as Deployment | Budget | { readonly kind: 'Service' },
  );
  const deployment = all.find((one) => one.kind === 'Deployment');
  const budget = all.find((one) => one.kind === 'PodDisruptionBudget');
  if (deployment === undefined || budget === undefined) throw new Error(`${file} lacks one of the two`);
  return { deployment: deployment.spec, budget: budget.spec, container: deployment.spec.template.spec.containers[0] };
}

/** What a container is given, with its files in a folder that is here. */
function withFilesHere(given: Environment): Environment {
  const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-manifests-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return Object.fromEntries(
    Object.entries(given).map(([name, value = '']) => {
      if (!value.startsWith('/')) return [name, value];
      const file = join(folder, value);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '');
      return [name, file];
    }),
  );
}

describe('the manifests for Kubernetes', () => {
  test.for(ROLES)('give a %s a configuration that it accepts', (role) => {
    const { container } = manifests(role);
    const { configMapGenerator } = parse(readFileSync(join(FOLDER, 'kustomization.yaml'), 'utf8')) as {
      configMapGenerator: { name: string; literals: string[] }[];
    };
    const names = (container.envFrom ?? []).map(({ configMapRef }) => configMapRef.name);
    const literals = configMapGenerator.filter(({ name }) => names.includes(name)).flatMap((one) => one.literals);
    const env = Object.fromEntries([
      ...literals.map((literal) => literal.split('=')),
      ...container.env.map(({ name, value }) => [name, value]),
    ]) as Readonly<Record<string, string>>;
    expect(container.args).toEqual([role]);
    expect(READERS[role](withFilesHere(env))).toMatchObject({ healthAddress: { host: '0.0.0.0', port: 8090 } });
    const mounts = container.volumeMounts.map(({ mountPath }) => mountPath);
    for (const path of Object.values(env).filter((value) => value.startsWith('/'))) {
      expect(mounts.some((mount) => path === mount || path.startsWith(`${mount}/`))).toBe(true);
    }
  });

  test.for(ROLES)('let a %s end its work, and probe what there is', (role) => {
    const { deployment, budget, container } = manifests(role);
    const { spec, metadata } = deployment.template;
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(40);
    const ports = container.ports.map(({ name }) => name);
    for (const { httpGet } of [container.livenessProbe, container.readinessProbe]) {
      expect(ports).toContain(httpGet.port);
      expect(['/healthz', '/readyz']).toContain(httpGet.path);
    }
    expect(container.livenessProbe.httpGet.path).toBe('/healthz');
    expect(deployment.selector.matchLabels).toEqual(metadata.labels);
    expect(budget.selector.matchLabels).toEqual(metadata.labels);
    const volumes = spec.volumes.map(({ name }) => name);
    for (const { name } of container.volumeMounts) expect(volumes).toContain(name);
  });

  test.for(ROLES)('give a %s those secrets that it reads, and no other', (role) => {
    const { deployment, container } = manifests(role);
    const read = container.env.map(({ value }) => value).filter((value) => value.startsWith('/run/secrets/'));
    const given = deployment.template.spec.volumes.flatMap(({ name, secret }) => {
      const mount = container.volumeMounts.find((one) => one.name === name)?.mountPath;
      return secret === undefined ? [] : (secret.items ?? [{ path: '*' }]).map(({ path }) => `${mount}/${path}`);
    });
    expect(given.toSorted()).toEqual(read.toSorted());
  });

  test('have an example of a policy for the network that names pods and ports which there are', () => {
    const policies = parseAllDocuments(readFileSync(join(FOLDER, 'network-policy.yaml'), 'utf8')).map(
      (document) => document.toJS() as NetworkPolicy,
    );
    expect(policies).toHaveLength(ROLES.length);
    for (const role of ROLES) {
      const { deployment, container } = manifests(role);
      const policy = policies.find(({ metadata }) => metadata.name === `pigeonflow-${role}`)?.spec;
      expect(policy?.podSelector.matchLabels).toEqual(deployment.selector.matchLabels);
      const opened = policy?.ingress.flatMap(({ ports }) => ports.map(({ port }) => port));
      expect(opened?.toSorted()).toEqual(container.ports.map(({ name }) => name).toSorted());
    }
  });

  test('are built by kustomize', (context) => {
    if (findOnPath('kubectl', process.env) === null) context.skip('kubectl is not installed');
    const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', FOLDER], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const kinds = stdout.match(/^kind: .*/gm)?.map((line) => line.slice('kind: '.length));
    expect(new Set(kinds)).toEqual(new Set(['ConfigMap', 'Deployment', 'PodDisruptionBudget', 'Service']));
    expect(kinds).toHaveLength(7);
    // With the component for encryption.
    const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-manifests-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync(FOLDER, folder, { recursive: true });
    appendFileSync(join(folder, 'kustomization.yaml'), '\ncomponents: [encryption]\n');
    const encrypted = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
    expect({ status: encrypted.status, stderr: encrypted.stderr }).toEqual({ status: 0, stderr: '' });
    expect(encrypted.stdout.match(/^kind: /gm)).toHaveLength(10);
    expect(encrypted.stdout.match(/name: PIGEONFLOW_CODEC_KEYS_FILE/g)).toHaveLength(3);
  });
});

const composed = (file: string) =>
  parse(readFileSync(join(projectRoot, file), 'utf8')) as {
    readonly services: Partial<Record<Role, { readonly environment: Record<string, string> }>>;
  };

test.for(ROLES)('Compose gives a %s a configuration that it accepts', (role) => {
  const given = (file: string) => composed(file).services[role]?.environment;
  const space = role === 'worker' && { PIGEON_SPACE: 'example', PIGEON_BASE_URL: '' };
  const plain = given('docker-compose.yml');
  const encrypted = { ...plain, ...given('docker-compose.encryption.yml'), ...space };
  if (plain !== undefined) READERS[role](withFilesHere({ ...plain, ...space }));
  const { codecKeysFile } = READERS[role](withFilesHere(encrypted));
  expect(codecKeysFile).toMatch(/pigeonflow-codec\/keys$/);
});
