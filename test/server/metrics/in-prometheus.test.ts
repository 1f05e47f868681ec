/** Dashboard and alert rules against what a real Prometheus scrapes from a real installation. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startService } from '../../../src/engine/index.ts';
import { createMetrics } from '../../../src/server/metrics/index.ts';
import { startServer } from '../../../src/server/server.ts';
import { until } from '../../e2e/stage.ts';
import { install } from '../../engine/installation.ts';
import { sayLeft } from '../../offboarding/office.ts';
import { requireProgram } from '../../servers/programs.ts';
import { type Prometheus, startPrometheus } from '../../servers/prometheus.ts';
import { readRules, rulesFile } from './document.ts';

const run = promisify(execFile);
const dashboardFile = new URL('../../../deploy/grafana/rollcall.json', import.meta.url);
const testsFile = new URL('../../../deploy/prometheus/rollcall.tests.yaml', import.meta.url);

const dashboardShape = z.object({
  title: z.string(),
  templating: z.object({ list: z.array(z.object({ name: z.string(), definition: z.string().optional() })) }),
  panels: z.array(
    z.object({
      id: z.int(),
      title: z.string(),
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.object({ expr: z.string() })).default([]),
    }),
  ),
});
const dashboard = dashboardShape.parse(JSON.parse(await readFile(dashboardFile, 'utf8')));
const rules = await readRules();
const panels = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => ({
    title,
    expr: expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$(job|source)/g, '.*'),
  })),
);

const open: AsyncDisposable[] = [];
let prometheus: Prometheus;
let scrape: () => Promise<string>;

beforeAll(async () => {
  const metrics = createMetrics();
  const roles = ['scheduler', 'worker'] as const;
  const schedule = 'schedule: { full: "0 3 1 1 *" }';
  const here = await install({
    config: {
      server: '{ port: 0 }',
      sources: `[{ id: people, type: ldif, file: people.ldif, active: 'user.employeeType != "left"', ${schedule} }]`,
    },
    meters: metrics.meters,
  });
  open.push(here);
  const server = await startServer(here.engine, { roles, metrics });
  open.push({ [Symbol.asyncDispose]: () => server.close() });
  const service = await startService(here.engine, roles);
  open.push({ [Symbol.asyncDispose]: () => service.stop() });
  scrape = async () => await (await fetch(`${server.url}/metrics`)).text();
  prometheus = await startPrometheus(new URL(server.url).host, [fileURLToPath(rulesFile)]);
  open.push({ [Symbol.asyncDispose]: () => prometheus.stop() });

  await here.sync();
  const [gone, refused] = [here.person(0).mail, here.person(1).mail ?? ''];
  here.sandbox.fault({ operation: 'edit', match: refused, effect: { kind: 'status', status: 400 } });
  for (const mail of [gone, refused]) {
    const word = await sayLeft(here, mail);
    if (word.run !== undefined) await here.carryOut(word.run);
  }
  // Rates need two scrapes with something in them.
  await until(
    () => prometheus.query('min(count_over_time(rollcall_leaver_latency_seconds_count[1m])) > 2'),
    (series) => series.length > 0,
  );
});
afterAll(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

describe('the dashboard', () => {
  test.each(panels)('has something to show under "$title": $expr', async ({ expr }) => {
    expect(await prometheus.query(expr)).not.toEqual([]);
  });

  test('asks for jobs and sources by metrics that there are', async () => {
    const definitions = dashboard.templating.list.flatMap(({ definition }) => definition ?? []);
    const asked = definitions.map((one) => /^label_values\((\w+), (\w+)\)$/.exec(one));

    expect(asked).toHaveLength(2);
    for (const [, name = '', label = ''] of asked.map((one) => one ?? []))
      expect(await prometheus.query(`${name}{${label}!=""}`)).not.toEqual([]);
  });

  test('has its panels side by side, and none over another', () => {
    for (const [index, { gridPos: one }] of dashboard.panels.entries()) {
      expect(one.x + one.w).toBeLessThanOrEqual(24);
      for (const { gridPos: other } of dashboard.panels.slice(index + 1)) {
        const isApart =
          one.x + one.w <= other.x ||
          other.x + other.w <= one.x ||
          one.y + one.h <= other.y ||
          other.y + other.h <= one.y;
        expect(isApart, JSON.stringify([one, other])).toBe(true);
      }
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

describe('the alert rules', () => {
  test.each(rules)('$alert asks for metrics and labels that there are', async ({ expr }) => {
    await prometheus.query(expr);
    const names = new Set((await scrape()).match(/(?<=^# TYPE )\w+/gm));
    const asked = [...expr.matchAll(/\b(rollcall_\w+)(?:\{([^}]*)\})?/g)];

    expect(asked).not.toEqual([]);
    for (const [, name = '', selector = ''] of asked) {
      expect(names).toContain(name.replace(/_(bucket|count|sum)$/, ''));
      for (const [, label = ''] of selector.matchAll(/(\w+)(?:=|!)/g))
        expect(await prometheus.query(`${name}{${label}!=""}`), `${name} has no ${label}`).not.toEqual([]);
    }
  });

  test('of a leaver whom the API refuses to deactivate, and of what failed, one is told after its time', async () => {
    const pending = await prometheus.query('ALERTS');

    expect(pending.map(({ labels }) => labels.alertname)).toContain('RollcallOperationsFailed');
    expect(
      await prometheus.query('rollcall_leavers_waiting{source="people", state="due"} == 1'),
    ).toHaveLength(1);
  });
});

describe('promtool', () => {
  const promtool = (...args: readonly string[]) => run(requireProgram('promtool'), args);

  test('finds the rules right, and each alert fires when it should and not when not', async () => {
    expect((await promtool('check', 'rules', fileURLToPath(rulesFile))).stdout).toContain('SUCCESS');
    expect((await promtool('test', 'rules', fileURLToPath(testsFile))).stdout).toContain('SUCCESS');
    const tested = await readFile(testsFile, 'utf8');
    for (const { alert } of rules) {
      expect(tested).toContain(`name: ${alert} fires`);
      expect(tested).toContain(`name: ${alert} is quiet`);
    }
  });

  test('has nothing to say against the metrics', async () => {
    const own = (await scrape())
      .split('\n')
      .filter((line) => /^(# (HELP|TYPE) )?rollcall_/.test(line))
      .join('\n');
    const checked = run(requireProgram('promtool'), ['check', 'metrics']);
    checked.child.stdin?.end(`${own}\n`);

    expect(await checked).toEqual({ stdout: '', stderr: '' });
  });
});
