import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import type { Logbook, LogReader } from '@slipway/logbook';
import type { BuildRecord } from '#build/build.ts';
import { endedBuilds } from '#build/build-channel.ts';
import { listStretches } from '#build/logs/log-stretches.ts';
import { listBuildSteps } from '#build/step-store.ts';
import type { Database } from '#db/database.ts';
import type { AnsweredRequest } from '#port/answered-request.ts';
import { getStoredRepository } from '#repository/repository-store.ts';
import { type CallEnd, endedCalls } from '#rpc/call-channel.ts';
import { type BuildFacts, buildSpans, type StageStart } from './build-spans.ts';
import { openSpanSink } from './span-sink.ts';

/** Where traces come from, and where they are sent. */
export interface TracingMeans {
  /** The URL of an OTLP receiver over HTTP, without `/v1/traces`. */
  url: string;
  /** The percentage of requests that are traced. If the request has a `traceparent`, its sampled flag decides instead. */
  requestPercent: number;
  version: string;
  instanceId: string;
  db: Database;
  logbook: Logbook;
  report: (message: string, error: unknown) => void;
}

/** Sends the traces of builds and requests. */
export interface Tracing {
  noteRequest(request: AnsweredRequest): void;
  /** Sends the remaining traces. Waits only briefly for a receiver that does not answer. */
  close(): Promise<void>;
}

/** Starts sending traces (https://opentelemetry.io/docs/specs/otlp/#otlphttp) of requests, and of each build when it ends. */
export async function openTracing(options: TracingMeans): Promise<Tracing> {
  const { requestPercent, report } = options;
  const sink = await openSpanSink(options);
  const ends = new WeakMap<ServerResponse, CallEnd>();
  const pending = new Set<Promise<void>>();
  const hearCall = (message: unknown) => {
    const end = message as CallEnd;
    ends.set(end.response, end);
  };
  const hearBuild = (message: unknown) => {
    const sending = buildFacts(options, message as BuildRecord)
      .then((facts) => sink.send(buildSpans(facts)))
      .catch((error: unknown) => report('cannot create the trace of a build', error))
      .finally(() => pending.delete(sending));
    pending.add(sending);
  };
  subscribe(endedCalls.name, hearCall);
  subscribe(endedBuilds.name, hearBuild);
  return {
    noteRequest: (request) => {
      const parent = sink.parentOf(request.headers.traceparent);
      if (parent === undefined ? Math.random() * 100 >= requestPercent : !parent.isSampled) return;
      const endMs = Date.now();
      sink.send(requestSpan(request, ends.get(request.response), endMs), { parent, isRequest: true });
    },
    close: async () => {
      unsubscribe(endedCalls.name, hearCall);
      unsubscribe(endedBuilds.name, hearBuild);
      await Promise.all(pending);
      await sink.close();
    },
  };
}

function requestSpan({ method, route, status, durationMs }: AnsweredRequest, end: CallEnd | undefined, endMs: number) {
  return {
    name: end?.action ?? `${method} ${route}`,
    startMs: endMs - durationMs,
    endMs,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      'slipway.action': end?.action,
      'slipway.code': end?.code,
      'slipway.request.id': end?.requestId,
    },
    // A refusal is the caller's mistake, not the server's.
    failure: status >= 500 ? (end?.code ?? String(status)) : undefined,
    children: [],
  };
}

async function buildFacts({ db, logbook }: TracingMeans, record: BuildRecord): Promise<BuildFacts> {
  const { instanceId, repoId, buildRecordId } = record;
  const { namespaceName, name } = await getStoredRepository(db, instanceId, repoId);
  const log = await logbook.open(buildRecordId);
  return {
    record,
    repository: `${namespaceName}/${name}`,
    lineCount: (await log?.reach())?.lineCount ?? 0,
    stages: log === undefined ? [] : await stageStarts(log),
    steps: await listBuildSteps(db, buildRecordId),
  };
}

async function stageStarts(log: LogReader): Promise<StageStart[]> {
  const starts: StageStart[] = [];
  for (const { stage, startMs } of await listStretches(log)) {
    if (starts.at(-1)?.stage !== stage && startMs !== undefined) starts.push({ stage, startMs });
  }
  return starts;
}
