import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** This process's figures, in the Prometheus text format at /metrics for the operator. */
export class Metrics {
  readonly registry = new Registry();
  readonly httpSeconds = new Histogram({ name: 'banya_http_seconds', help: 'Time to answer by route and status class', labelNames: ['route', 'status'], buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10], registers: [this.registry] });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name: `banya_${name}`, help, labelNames, registers: [this.registry] });
  }

  /** A gauge read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({ name: `banya_${name}`, help, registers: [this.registry], collect() { this.set(read()); } });
  }
}
