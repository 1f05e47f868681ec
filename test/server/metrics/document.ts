/** docs/metrics.md, made from the metrics themselves and from the alert rules. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Described } from '../../../src/server/metrics/index.ts';
import { table } from '../../docs/table.ts';

export const documentFile = new URL('../../../docs/metrics.md', import.meta.url);
export const rulesFile = new URL('../../../deploy/prometheus/rollcall.rules.yaml', import.meta.url);

const rulesShape = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string() }),
        }),
      ),
    }),
  ),
});

export type Rule = z.output<typeof rulesShape>['groups'][number]['rules'][number];

export async function readRules(): Promise<readonly Rule[]> {
  return rulesShape.parse(parse(await readFile(rulesFile, 'utf8'))).groups.flatMap(({ rules }) => rules);
}

const preface = `# Metrics, dashboard and alerts

\`/metrics\`, on the address of \`/healthz\` (\`server.host\` and \`server.port\`), speaks Prometheus' text format. It names sources and numbers,
and nobody's data; it needs no token, so let nobody but Prometheus reach it from outside.

\`\`\`yaml of=prometheus
scrape_configs:
  - job_name: rollcall
    static_configs: [{ targets: ["rollcall:8080"] }]
rule_files: [rollcall.rules.yaml]
\`\`\`

[deploy/grafana/rollcall.json](../deploy/grafana/rollcall.json) is a dashboard to import into Grafana, [deploy/prometheus/rollcall.rules.yaml](../deploy/prometheus/rollcall.rules.yaml) holds
the alerts below; \`promtool test rules rollcall.tests.yaml\` tries them out. Both are tested against a real scrape.

This page is made from the program (\`npm run docs:metrics\`).`;

const standing = `## How things stand

Looked up in store and queue at every scrape, and told alike by every process: of several, take the largest (\`max by (source) (...)\`).
While store or queue does not answer, \`rollcall_store_up\` is 0 and the others of these are not told at all. The age of a source's last good
snapshot is \`time() - rollcall_source_last_good_snapshot_timestamp_seconds\`.`;

const own = `## What a process did

Counted by each process since it started: of several, take the sum (\`sum by (kind) (rate(...[5m]))\`). Histograms have \`_bucket\`, \`_sum\` and \`_count\`.
The rate of requests to the profile API is \`sum(rate(rollcall_profile_api_requests_total[5m]))\`.`;

const node = `Besides these there are the usual \`process_...\` and \`nodejs_...\` metrics of the process: memory, processor, event loop, garbage collection. Of BullMQ there are its
jobs by state (\`rollcall_queue_jobs\`); its counters of completed and failed jobs would cost a query for each job, and \`rollcall_operation_tries_total\` tells more.`;

const alerts = `## Alerts

What it means and what to do stands in each alert's description.`;

export function documentOf(described: readonly Described[], rules: readonly Rule[]): string {
  const of = (tells: Described['tells']) => metricTable(described.filter((one) => one.tells === tells));
  const parts = [preface, standing, of('standing'), own, of('process'), node, alerts, alertTable(rules)];
  return `${parts.join('\n\n')}\n`;
}

const metricTable = (all: readonly Described[]): string =>
  table(
    ['metric', 'type', 'labels', 'tells'],
    all.map(({ name, type, labels, help }) => [`\`${name}\``, type, labels.join(', '), help]),
  );

const alertTable = (rules: readonly Rule[]): string =>
  table(
    ['alert', 'severity', 'when', 'for', 'what to do'],
    rules.map(({ alert, labels, expr, for: during = '', annotations }) => [
      alert,
      labels.severity,
      `\`${expr.replaceAll(/\s+/g, ' ').trim()}\``,
      during,
      annotations.description,
    ]),
  );
