/** Traces for OpenTelemetry, from the pull to the request: off unless the environment names a receiver. */
export { inTraceOf, tracedRun } from './run-trace.ts';
export { note, type RequestSpan, requestSpan, traced, tracedStream } from './span.ts';
export { queueTelemetry, startTracing, type Tracing } from './start.ts';
