import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { BUILD_STATUSES } from '#build/build.ts';
import type { BuildCount } from '#build/build-counts.ts';

/** Where the figures come from that are read when somebody asks. */
export interface MetricSources {
  countBuilds(): Promise<BuildCount[]>;
  followers: { readonly count: number; readonly dropped: number };
}

/** What the routes and the gateway note as they answer. */
export interface Metrics {
  /** The text of Prometheus' exposition format. */
  text(): Promise<string>;
  contentType: string;
  noteRequest(labels: { method: string; route: string; status: number }, durationMs: number): void;
  noteRefusal(code: string): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** The figures of one server, under names that begin with `slipway_`; those of the process have their usual names. */
export function createMetrics(sources: MetricSources): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const requests = new Histogram({
    name: 'slipway_http_request_duration_seconds',
    help: 'Time to the end of an answer; streams are not counted.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const refusals = new Counter({
    name: 'slipway_native_refusals_total',
    help: 'Refused or failed calls of the native API.',
    labelNames: ['code'],
    registers,
  });
  new Gauge({
    name: 'slipway_log_followers',
    help: 'Log streams that are open.',
    registers,
    collect() {
      this.set(sources.followers.count);
    },
  });
  new Gauge({
    name: 'slipway_log_followers_dropped',
    help: 'Log streams that ended because nobody read them, since the start.',
    registers,
    collect() {
      this.set(sources.followers.dropped);
    },
  });
  const setBuilds = buildGauges(registers);
  return {
    text: async () => {
      setBuilds(await sources.countBuilds());
      return register.metrics();
    },
    contentType: register.contentType,
    noteRequest: (labels, durationMs) => requests.observe(labels, durationMs / 1000),
    noteRefusal: (code) => refusals.inc({ code }),
  };
}

/** Notes every answer of a handler under one route. */
export function timedHandler(
  metrics: Metrics,
  route: string,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const startMs = performance.now();
    response.once('finish', () => {
      const labels = { method: request.method ?? '', route, status: response.statusCode };
      metrics.noteRequest(labels, performance.now() - startMs);
    });
    handler(request, response);
  };
}

function buildGauges(registers: Registry[]): (counts: readonly BuildCount[]) => void {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['status'], registers });
  const builds = gauge('slipway_builds', 'Build records by status; PENDING are the queue.');
  const ran = gauge('slipway_build_run_seconds', 'Time that builds took from their start, all together.');
  const waited = gauge('slipway_build_wait_seconds', 'Time that builds waited for their start, all together.');
  return (counts) => {
    for (const status of BUILD_STATUSES) {
      const found = counts.find((count) => count.status === status);
      builds.set({ status }, found?.count ?? 0);
      ran.set({ status }, (found?.ranMs ?? 0) / 1000);
      waited.set({ status }, (found?.waitedMs ?? 0) / 1000);
    }
  };
}
