/** Switches tracing on where the environment asks for it (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). */
import type { Telemetry } from 'bullmq';

/** Tracing as it was started. */
export interface Tracing {
  readonly isOn: boolean;
  /** Sends what is left. */
  stop(): Promise<void>;
}

const off: Tracing = { isOn: false, stop: async () => {} };

let telemetry: Telemetry | undefined;

/** What carries traces through the queue; undefined where tracing is off. */
export const queueTelemetry = (): Telemetry | undefined => telemetry;

/** The packages that it takes are loaded where it is on, and nowhere else: nobody else waits for them. */
export async function startTracing(env: NodeJS.ProcessEnv): Promise<Tracing> {
  const isAsked = [env.OTEL_EXPORTER_OTLP_ENDPOINT, env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT].some(
    (address) => (address ?? '') !== '',
  );
  if (!isAsked || env.OTEL_SDK_DISABLED === 'true') return off;
  const { openExport } = await import('./export.ts');
  const opened = openExport(env.OTEL_SERVICE_NAME || 'rollcall');
  telemetry = opened.telemetry;
  return {
    isOn: true,
    async stop() {
      telemetry = undefined;
      await opened.stop();
    },
  };
}
