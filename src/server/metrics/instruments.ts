/** Makes the metrics, and remembers of each what the documentation tells. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface Described {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
  /** Whether it is what the process itself did, or how things stand by the store, which every process tells alike. */
  readonly tells: 'process' | 'standing';
}

/** Names and units follow https://prometheus.io/docs/practices/naming/. */
export interface Instruments {
  /** `name` is without `rollcall_` and without `_total`. */
  counter<Label extends string>(name: string, help: string, ...labels: Label[]): Counter<Label>;
  /** `name` is without `rollcall_` and without `_seconds`. */
  seconds<Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    label: Label,
  ): Histogram<Label>;
  /** `name` is without `rollcall_`. */
  gauge<Label extends string>(name: string, help: string, ...labels: Label[]): Gauge<Label>;
}

export function instruments(
  registry: Registry,
  tells: Described['tells'],
  described: Described[],
): Instruments {
  const registers = [registry];
  return {
    counter(short, help, ...labelNames) {
      const name = `rollcall_${short}_total`;
      described.push({ name, type: 'counter', labels: labelNames, help, tells });
      return new Counter({ name, help, labelNames, registers });
    },
    seconds(short, help, buckets, label) {
      const name = `rollcall_${short}_seconds`;
      described.push({ name, type: 'histogram', labels: [label], help, tells });
      return new Histogram({ name, help, buckets, labelNames: [label], registers });
    },
    gauge(short, help, ...labelNames) {
      const name = `rollcall_${short}`;
      described.push({ name, type: 'gauge', labels: labelNames, help, tells });
      return new Gauge({ name, help, labelNames, registers });
    },
  };
}
