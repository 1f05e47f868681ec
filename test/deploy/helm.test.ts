/** The chart as Helm renders it: what Kubernetes would take, and what the program in it understands. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments, parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { graceMs } from '../../src/engine/service.ts';
import { serviceRoles } from '../../src/store/service/services.ts';
import { requireHelm } from '../servers/helm.ts';
import { problemsOf } from './kubernetes.ts';
import { loadMounted, secretFilesOf } from './mounted-config.ts';

const deploy = resolve(import.meta.dirname, '../../deploy');
const chart = join(deploy, 'helm/rollcall');
const example = join(deploy, 'helm/example-values.yaml');

const helm = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(requireHelm(), args, { encoding: 'utf8' });
  return { status, stdout, stderr };
};

const objectShape = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
type KubernetesObject = z.output<typeof objectShape>;

/** The example rendered, with other values here and there. */
const template = (settings: readonly string[]) =>
  helm('template', 'rollcall', chart, '--values', example, ...settings.flatMap((one) => ['--set', one]));

function render(...settings: readonly string[]): readonly KubernetesObject[] {
  const { status, stdout, stderr } = template(settings);
  expect(status, stderr).toBe(0);
  const objects = parseAllDocuments(stdout).map((document) => document.toJS());
  return z.array(objectShape).parse(objects.filter((object) => object !== null));
}

function refusal(...settings: readonly string[]): string {
  const { status, stderr } = template(settings);
  expect(status).not.toBe(0);
  return stderr;
}

const podShape = z.object({
  spec: z.object({
    replicas: z.int().optional(),
    template: z.object({
      metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        terminationGracePeriodSeconds: z.int(),
        securityContext: z.looseObject({}),
        containers: z.tuple([
          z.looseObject({
            image: z.string(),
            args: z.array(z.string()),
            securityContext: z.looseObject({}),
            startupProbe: z.looseObject({ periodSeconds: z.int(), failureThreshold: z.int() }),
            livenessProbe: z.looseObject({ httpGet: z.object({ path: z.string(), port: z.string() }) }),
            readinessProbe: z.looseObject({ httpGet: z.object({ path: z.string(), port: z.string() }) }),
            volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
          }),
        ]),
      }),
    }),
  }),
});

const deploymentsOf = (objects: readonly KubernetesObject[]) =>
  objects
    .filter(({ kind }) => kind === 'Deployment')
    .map((object) => ({ name: object.metadata.name, ...podShape.parse(object).spec }));

const names = (objects: readonly KubernetesObject[], kind: string) =>
  objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);

test('Helm finds nothing to complain about', () => {
  const { status, stdout } = helm('lint', '--strict', '--quiet', chart, '--values', example);

  expect(stdout).toBe('');
  expect(status).toBe(0);
});

describe('Kubernetes would take every object', () => {
  test.each([
    ['of the example', []],
    ['with an autoscaler by an external metric', ['worker.autoscaling.by=hpa']],
    [
      'without anything that is optional',
      [
        'worker.autoscaling.by=off',
        'ingress.enabled=false',
        'networkPolicy.enabled=false',
        'podMonitor.enabled=false',
        'podDisruptionBudget.enabled=false',
        'existingSecret=null',
      ],
    ],
    [
      'with everything that can be added',
      [
        'env[0].name=TZ,env[0].value=UTC',
        'podLabels.a=b',
        'podAnnotations.a=b',
        'nodeSelector.a=b',
        'tolerations[0].operator=Exists',
        'image.pullSecrets[0]=registry',
        'serviceAccount.annotations.a=b',
        'ingress.annotations.a=b',
        'podMonitor.labels.a=b',
      ],
    ],
  ])('%s', (_, settings) => {
    for (const object of render(...settings)) expect(problemsOf(object), object.metadata.name).toEqual([]);
  });

  test('and the check tells a mistyped field and a wrong value', () => {
    const [deployment] = render().filter(({ kind }) => kind === 'Deployment');
    const { apiVersion = '', kind = '' } = deployment ?? {};

    expect(
      problemsOf({
        apiVersion,
        kind,
        ...{ spec: { selector: {}, template: { spec: { containers: [], hostnme: 'x' } } } },
      }),
    ).toEqual(['there is no field /spec/template/spec/hostnme']);
    expect(problemsOf({ apiVersion, kind, ...{ spec: { replicas: 'two' } } }).join()).toContain(
      '/spec/replicas',
    );
  });
});

describe('the pods', () => {
  test('are one deployment for each role of the program', () => {
    expect(deploymentsOf(render()).map((one) => one.template.spec.containers[0].args)).toEqual(
      serviceRoles.map((role) => ['start', '--role', role]),
    );
  });

  test('can write nowhere but where they must, and have no rights', () => {
    for (const { name, template } of deploymentsOf(render())) {
      const [container] = template.spec.containers;
      expect(template.spec.securityContext, name).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      expect(container.securityContext, name).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const writable = container.volumeMounts.filter(({ readOnly }) => readOnly !== true);
      expect(['/tmp', '/app/data']).toEqual(
        expect.arrayContaining(writable.map(({ mountPath }) => mountPath)),
      );
    }
  });

  test('have time to end requests in flight, and to bring tables up to date', () => {
    for (const { template } of deploymentsOf(render('startupSeconds=900'))) {
      const { startupProbe } = template.spec.containers[0];
      expect(template.spec.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(graceMs);
      expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBe(900);
    }
  });

  test('are found alive and ready where the program says so', () => {
    for (const { template } of deploymentsOf(render())) {
      const [{ livenessProbe, readinessProbe }] = template.spec.containers;
      expect(livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
      expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
    }
  });

  test('are replaced when the configuration changes, and only then', () => {
    const sums = (...settings: readonly string[]) =>
      deploymentsOf(render(...settings)).map(
        ({ template }) => template.metadata.annotations['rollcall/config'],
      );

    expect(sums('scheduler.replicas=2')).toEqual(sums());
    expect(sums('config.profileApi.concurrency=9')).not.toEqual(sums());
  });

  test('of workers are counted by the autoscaler alone, where there is one', () => {
    const workers = (by: string) =>
      deploymentsOf(render(`worker.autoscaling.by=${by}`)).find(({ name }) => name === 'rollcall-worker')
        ?.replicas;

    expect([workers('keda'), workers('hpa'), workers('off')]).toEqual([undefined, undefined, 2]);
  });

  test('have the image by its digest, where one is given', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const images = deploymentsOf(render(`image.digest=${digest}`)).map(
      ({ template }) => template.spec.containers[0].image,
    );

    expect(new Set(images)).toEqual(new Set([`registry.example.com/rollcall@${digest}`]));
  });
});

test('the configuration that is mounted is valid, and its secrets are where the secret is mounted', async () => {
  const [map] = render().filter(({ kind }) => kind === 'ConfigMap');
  const text = z.object({ data: z.object({ 'rollcall.yaml': z.string() }) }).parse(map).data['rollcall.yaml'];

  expect((await loadMounted(text)).warnings).toEqual([]);
  expect(secretFilesOf(text)).not.toEqual([]);
  for (const file of secretFilesOf(text)) expect(file).toMatch(/^\/run\/secrets\//);
  for (const { template } of deploymentsOf(render())) {
    const paths = template.spec.containers[0].volumeMounts.map(({ mountPath }) => mountPath);
    expect(paths).toEqual(expect.arrayContaining(['/app/config', '/run/secrets']));
  }
});

test('what autoscaling asks for is told by /metrics', () => {
  const { keda, hpa } = z
    .object({
      worker: z.object({
        autoscaling: z.object({
          keda: z.object({ query: z.string() }),
          hpa: z.looseObject({ metric: z.string() }),
        }),
      }),
    })
    .parse(parseYaml(readFileSync(join(chart, 'values.yaml'), 'utf8'))).worker.autoscaling;
  const documented = readFileSync(resolve(deploy, '../docs/metrics.md'), 'utf8');

  for (const metric of [hpa.metric, /\w+(?=\{)/.exec(keda.query)?.[0]])
    expect(documented).toContain(`| \`${metric}\` |`);
});

test('the chart is of the version that the program has', () => {
  const version = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync('package.json', 'utf8'))).version;

  expect(
    z.object({ appVersion: z.string() }).parse(parseYaml(readFileSync(join(chart, 'Chart.yaml'), 'utf8'))),
  ).toMatchObject({ appVersion: version });
});

describe('what can not work is refused with a sentence', () => {
  test('a key that does not exist', () => {
    expect(refusal('worker.replica=3')).toMatch(/replica/);
  });

  test('no PostgreSQL', () => {
    expect(refusal('config.database.url=')).toMatch(/\/config\/database.*url/s);
  });

  test('backups or archives that would be lost with the pod', () => {
    expect(refusal('data.existingClaim=')).toContain('data.existingClaim, or set config.backup to off');
    expect(refusal('data.existingClaim=', 'config.backup=off')).toContain(
      'set config.retention.audit to keep',
    );
    expect(
      names(render('data.existingClaim=', 'config.backup=off', 'config.retention.audit=keep'), 'Deployment'),
    ).toHaveLength(3);
  });

  test('an autoscaler that has nobody to ask', () => {
    expect(refusal('worker.autoscaling.keda.prometheus=')).toContain('the address of Prometheus');
  });
});
