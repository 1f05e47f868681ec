/**
 * A run is a trace. Its ids follow from the run's own, so that whoever carries its operations out, days later and in another
 * process, finds its trace without anything being stored.
 */
import { createHash } from 'node:crypto';
import {
  type Attributes,
  context,
  ROOT_CONTEXT,
  type SpanContext,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { withIds } from './ids.ts';
import { traced } from './span.ts';

function spanOf(run: string): SpanContext {
  const digest = createHash('sha256').update(`rollcall run ${run}`).digest('hex');
  return {
    traceId: digest.slice(0, 32),
    spanId: digest.slice(32, 48),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  };
}

export const runSpanName = 'run';

/** The span of the run itself. */
export async function tracedRun<Result>(
  run: string,
  attributes: Attributes,
  work: () => Promise<Result>,
): Promise<Result> {
  return await context.with(ROOT_CONTEXT, () =>
    withIds(spanOf(run), () => traced(runSpanName, { 'rollcall.run': run, ...attributes }, work)),
  );
}

/** Whatever is told inside belongs to the trace of that run. */
export const inTraceOf = <Result>(run: string, work: () => Result): Result =>
  context.with(trace.setSpanContext(ROOT_CONTEXT, spanOf(run)), work);
