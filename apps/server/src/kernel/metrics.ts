import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Whole names, as the doors and the documentation have them. */
export type MetricName = `banya_${string}`;

/** This process's figures, in the Prometheus text format at /metrics for the operator. */
export class Metrics {
  readonly registry = new Registry();
  readonly httpSeconds = new Histogram({ name: 'banya_http_seconds', help: 'Time to answer by route and status class', labelNames: ['route', 'status'], buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10], registers: [this.registry] });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter(name: MetricName, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** A count kept elsewhere, read when somebody asks. */
  counted(name: MetricName, help: string, read: () => number): void {
    new Counter({ name, help, registers: [this.registry], collect() { this.reset(); this.inc(read()); } });
  }

  /** A gauge read when somebody asks. */
  gauge(name: MetricName, help: string, read: () => number): void {
    new Gauge({ name, help, registers: [this.registry], collect() { this.set(read()); } });
  }
}
