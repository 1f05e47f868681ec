/** A run as a trace: from the pull, through the queue, to the request, over all processes, at a real receiver. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { runOf } from '../../src/store/runs/runs.ts';
import { startTracing } from '../../src/tracing/index.ts';
import { combinations, type Stage, setStage, until } from '../e2e/stage.ts';
import { install } from '../engine/installation.ts';
import { freePort } from '../servers/free-port.ts';
import { type ReceivedSpan, startOtlpReceiver } from '../servers/otlp-receiver.ts';

const people = sampleDirectory({ people: 3 });
const sources = '  - { id: people, type: ldif, file: people.ldif }\n';
const more = `mapping: { email: mail, username: mail, name: cn }\n`;

async function stageOf(env: Record<string, string>, combination: Stage['combination']): Promise<Stage> {
  const stage = await setStage({ combination, sources, more, env });
  await writeFile(join(stage.folder, 'people.ldif'), toLdif(people));
  return stage;
}

/** The names from the span up to the root of its trace. */
function pathOf(span: ReceivedSpan, all: readonly ReceivedSpan[]): readonly string[] {
  const parent = all.find(({ spanId }) => spanId === span.parentSpanId);
  return [span.name, ...(parent === undefined ? [] : pathOf(parent, all))];
}

function expectOneTrace(spans: readonly ReceivedSpan[]): void {
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(spans.filter(({ parentSpanId = '' }) => parentSpanId === '').map(({ name }) => name)).toEqual([
    'run',
  ]);
  for (const span of spans) expect(pathOf(span, spans).at(-1), span.name).toBe('run');
}

describe.each(combinations)('with the queue on %s', (combination) => {
  test('a run is one trace, down to each request', async () => {
    await using receiver = await startOtlpReceiver();
    await using stage = await stageOf({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, combination);

    const result = await stage.rollcallProcess('resync', '--wait', '--json');

    expect(result, result.stderr).toMatchObject({ code: 0, stderr: '' });
    const { run } = z.object({ run: z.object({ id: z.string() }) }).parse(JSON.parse(result.stdout));
    const { spans } = receiver;
    expectOneTrace(spans);
    const named = (name: string) => spans.filter((span) => span.name === name);
    expect(named('run').map(({ attributes }) => attributes)).toEqual([
      { 'rollcall.run': run.id, 'rollcall.source': 'people', 'rollcall.outcome': 'planned' },
    ]);
    expect(named('read the source')).toHaveLength(1);
    expect(named('operation').map(({ attributes }) => attributes)).toEqual(
      expect.arrayContaining(
        people.map((_, index) => ({
          'rollcall.operation': `${run.id}.${index + 1}`,
          'rollcall.kind': 'create',
          'rollcall.outcome': 'done',
        })),
      ),
    );
    const sent = named('POST profile API').map((span) => pathOf(span, spans));
    expect(sent).toHaveLength(people.length);
    for (const path of sent)
      expect(path).toEqual([
        'POST profile API',
        'operation',
        'process operations',
        expect.stringContaining('operations'),
        'run',
      ]);
    expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['rollcall']));
  });
});

test('whoever carries an operation out, in whichever process, is in the trace of its run', async () => {
  await using receiver = await startOtlpReceiver();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  await using stage = await stageOf(env, 'PostgreSQL and Redis');
  const [scheduler, worker] = [stage.startService('scheduler'), stage.startService('worker')];
  await Promise.all([scheduler, worker].map((one) => one.untilEvent('server.listening')));

  const result = await stage.rollcall('resync', '--wait');
  expect(result, result.stderr).toMatchObject({ code: 0 });
  await until(
    () => receiver.spans.filter(({ name }) => name === 'operation').length,
    (count) => count === people.length,
  );
  await until(
    () => receiver.spans.filter(({ name }) => name === 'run').length,
    (count) => count === 1,
  );
  for (const one of [scheduler, worker]) {
    await one.kill('SIGTERM');
    expect(await one.ended).toBe(0);
  }
  expectOneTrace(receiver.spans);
});

test('a run that finds its source busy is told of once, by whoever makes it in the end', async () => {
  await using receiver = await startOtlpReceiver();
  // The exporter looks for its address there by itself.
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.url);
  const tracing = await startTracing(process.env);
  try {
    await using here = await install({ people: 2 });
    const [reading, next] = [await here.request('plan'), await here.request('plan')];
    here.sandbox.fault({ operation: 'list', times: 1, effect: { kind: 'delay', ms: 500 } });

    const first = here.conduct(reading);
    await until(
      () => runOf(here.engine.store.db, reading),
      (run) => run?.state === 'reading',
    );
    expect(await here.conduct(next)).toEqual({ kind: 'busy' });
    await first;
    expect(await here.conduct(next)).toMatchObject({ kind: 'planned' });
  } finally {
    await tracing.stop();
    vi.unstubAllEnvs();
  }

  const runs = receiver.spans.filter(({ name }) => name === 'run');
  expect(runs.map(({ attributes }) => attributes['rollcall.outcome'])).toEqual(['planned', 'planned']);
  expect(new Set(runs.map(({ traceId }) => traceId)).size).toBe(2);
});

test('nobody’s data and no secret is in it', async () => {
  await using receiver = await startOtlpReceiver();
  await using stage = await stageOf({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, 'PostgreSQL and Redis');
  stage.sandbox.fault({
    operation: 'create',
    match: people[0]?.mail ?? '',
    effect: { kind: 'status', status: 400 },
  });

  expect(await stage.rollcallProcess('resync', '--wait')).toMatchObject({ code: 4 });

  const all = receiver.bodies.join('\n');
  expect(all).toContain('operation');
  for (const { mail, uid } of people)
    for (const text of [mail, uid, stage.sandbox.apiKey]) expect(all).not.toContain(text);
});

test('a receiver that is not there keeps nobody from working', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` };
  await using stage = await stageOf(env, 'PostgreSQL and Redis');

  expect(await stage.rollcallProcess('resync', '--wait')).toMatchObject({ code: 0, stderr: '' });
});

test('without an address nothing is loaded and nothing is sent', async () => {
  await using receiver = await startOtlpReceiver();
  await using stage = await stageOf({ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, 'PostgreSQL and Redis');

  expect(await stage.rollcallProcess('resync', '--wait')).toMatchObject({ code: 0 });
  expect(receiver.bodies).toEqual([]);
});
