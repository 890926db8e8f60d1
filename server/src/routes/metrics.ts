import { type Channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type LogAppended, type LogPageRead, logAppends, logPages, sealMismatches } from '@slipway/logbook';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { BUILD_STATUSES, type BuildRecord } from '#build/build.ts';
import { endedBuilds } from '#build/build-channel.ts';
import { type CallEnd, endedCalls } from '#rpc/call-channel.ts';
import type { Space } from '#space/space.ts';
import type { AnsweredRequest } from '../port/answered-request.ts';
import { remeasured } from './remeasured.ts';

/** Sources of metrics that are read when somebody asks. */
export interface MetricSources {
  countBuilds(): Promise<ReadonlyMap<string, number>>;
  followers: { readonly count: number; readonly dropped: number };
}

/** What the figures of the disk come from. */
export interface SpaceFigures {
  space: Pick<Space, 'disk' | 'parts' | 'reclaimable'>;
  waitReason: () => Promise<string | undefined>;
  report: (message: string, error: unknown) => void;
}

/** The metrics of one server. */
export interface Metrics {
  /** The metrics in Prometheus' exposition format. */
  text(): Promise<string>;
  contentType: string;
  noteRequest(request: AnsweredRequest): void;
  /** Adds the figures of the disk, and whether builds wait (`waitReason` gives a reason). */
  addSpace(means: SpaceFigures): void;
  /** Stops counting. */
  close(): void;
}

const ANSWER_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const LOG_SECONDS = [0.00001, 0.000025, 0.0001, 0.00025, 0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 1, 2.5];
const BUILD_SECONDS = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200];

/**
 * The metrics of one server, under names that begin with `slipway_`; those of the process have their usual names.
 * Events of builds, logs and calls arrive over their channels, from now on until `close`.
 */
export function createMetrics(sources: MetricSources): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const requests = new Histogram({
    name: 'slipway_http_request_duration_seconds',
    help: 'Time to the end of an answer; streams are not counted.',
    labelNames: ['method', 'route', 'status'],
    buckets: ANSWER_SECONDS,
    registers: [register],
  });
  addStock(register, sources);
  const subscriptions = [...callFigures(register), ...buildFigures(register), ...logFigures(register)];
  for (const { name, hear } of subscriptions) subscribe(name, hear);
  return {
    text: () => register.metrics(),
    contentType: register.contentType,
    noteRequest: ({ method, route, status, durationMs }) => {
      // A stream lasts as long as its build.
      if (!route.endsWith('/stream')) requests.observe({ method, route, status }, durationMs / 1000);
    },
    addSpace: (means) => addSpace(register, means),
    close: () => {
      for (const { name, hear } of subscriptions) unsubscribe(name, hear);
    },
  };
}

/** What takes disk is measured again at most this often: that reads the whole folder tree. */
const MEASURED_FOR_MS = 10 * 60_000;

const DISK_FIGURES = [
  ['slipway_disk_size_bytes', 'Size of the disk of the data folder.', 'sizeBytes'],
  ['slipway_disk_free_bytes', 'Free space on the disk of the data folder.', 'freeBytes'],
  ['slipway_disk_inodes', 'How many files that disk can have; 0 if its file system makes room as needed.', 'inodes'],
  ['slipway_disk_free_inodes', 'How many more files that disk can have.', 'freeInodes'],
] as const;

function addSpace(register: Registry, { space, waitReason, report }: SpaceFigures): void {
  const registers = [register];
  for (const [name, help, figure] of DISK_FIGURES)
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set((await space.disk())[figure]);
      },
    });
  new Gauge({
    name: 'slipway_builds_held',
    help: '1 while no build starts because the disk is nearly full or the server is paused or stopping.',
    registers,
    async collect() {
      this.set((await waitReason()) === undefined ? 0 : 1);
    },
  });
  let measured: { parts: Awaited<ReturnType<typeof space.parts>>; atMs: number } | undefined;
  new Gauge({
    name: 'slipway_space_bytes',
    help: 'Disk space by part of the data folder, measured at most every ten minutes.',
    labelNames: ['part'],
    registers,
    async collect() {
      const nowMs = performance.now();
      if (measured === undefined || nowMs - measured.atMs > MEASURED_FOR_MS)
        measured = { parts: await space.parts({ reclaimable: false }), atMs: nowMs };
      for (const { part, sizeBytes } of measured.parts) this.set({ part }, sizeBytes);
    },
  });
  const reclaimable = remeasured({
    measure: () => space.reclaimable(),
    atMostEveryMs: MEASURED_FOR_MS,
    monotonicMs: () => performance.now(),
    report: (error) => report('what could be freed could not be measured', error),
  });
  new Gauge({
    name: 'slipway_space_reclaimable_bytes',
    help: 'Disk space that could be freed, by part; the last measurement, from the second scrape on.',
    labelNames: ['part'],
    registers,
    collect() {
      for (const [part, bytes] of Object.entries(reclaimable.last() ?? {})) this.set({ part }, bytes);
    },
  });
}

/** Gauges of the current state. */
function addStock(register: Registry, sources: MetricSources): void {
  const registers = [register];
  new Gauge({
    name: 'slipway_builds',
    help: 'Build records by status; PENDING are the queue.',
    labelNames: ['status'],
    registers,
    async collect() {
      const counts = await sources.countBuilds();
      for (const status of BUILD_STATUSES) this.set({ status }, counts.get(status) ?? 0);
    },
  });
  new Gauge({
    name: 'slipway_log_followers',
    help: 'Log streams that are open.',
    registers,
    collect() {
      this.set(sources.followers.count);
    },
  });
  new Counter({
    name: 'slipway_log_followers_dropped_total',
    help: 'Log streams that ended because nobody read them.',
    registers,
    collect() {
      this.reset();
      this.inc(sources.followers.dropped);
    },
  });
}

interface Subscription {
  name: Channel['name'];
  hear: (message: unknown) => void;
}

function callFigures(register: Registry): Subscription[] {
  const refusals = new Counter({
    name: 'slipway_refusals_total',
    help: 'Refused or failed calls of the vendor’s API (rpc) and of the native one, and refused logins to the registry, by code.',
    labelNames: ['api', 'code'],
    registers: [register],
  });
  return [
    heard<CallEnd>(endedCalls, ({ api, code }) => {
      if (code !== 'success') refusals.inc({ api, code });
    }),
  ];
}

function buildFigures(register: Registry): Subscription[] {
  const histogram = (name: string, help: string) =>
    new Histogram({ name, help, labelNames: ['result'], buckets: BUILD_SECONDS, registers: [register] });
  const durations = histogram('slipway_build_duration_seconds', 'Builds that ended, by result: from start to end.');
  const waits = histogram('slipway_build_wait_seconds', 'Builds that ended, by result: from request to start.');
  const failures = new Counter({
    name: 'slipway_build_failures_total',
    help: 'Builds that failed, by fault: source, settings, machine or outside.',
    labelNames: ['fault'],
    registers: [register],
  });
  // So that the first failure is an increase.
  for (const fault of ['source', 'settings', 'machine', 'outside']) failures.inc({ fault }, 0);
  return [
    heard<BuildRecord>(endedBuilds, ({ status, createdMs, startedMs, endedMs, failure }) => {
      if (failure !== undefined && failure.fault !== 'cancelled') failures.inc({ fault: failure.fault });
      if (startedMs === undefined || endedMs === undefined) return;
      durations.observe({ result: status }, Math.max(0, endedMs - startedMs) / 1000);
      waits.observe({ result: status }, Math.max(0, startedMs - createdMs) / 1000);
    }),
  ];
}

function logFigures(register: Registry): Subscription[] {
  const registers = [register];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const histogram = (name: string, help: string) => new Histogram({ name, help, buckets: LOG_SECONDS, registers });
  const lines = counter('slipway_log_lines_total', 'Lines that were appended: written and synced.');
  const appends = histogram('slipway_log_append_duration_seconds', 'Time in which a batch of lines became durable.');
  const pages = histogram('slipway_log_page_duration_seconds', 'Time in which a page was read from its log.');
  const mismatches = counter('slipway_log_seal_mismatches_total', 'Sealed logs that do not match their seal.');
  return [
    heard<LogAppended>(logAppends, ({ lineCount, durationMs }) => {
      lines.inc(lineCount);
      appends.observe(durationMs / 1000);
    }),
    heard<LogPageRead>(logPages, ({ durationMs }) => pages.observe(durationMs / 1000)),
    heard(sealMismatches, () => mismatches.inc()),
  ];
}

function heard<Message>(source: Channel, hear: (message: Message) => void): Subscription {
  return { name: source.name, hear: hear as (message: unknown) => void };
}
