import type { Logger } from 'pino';
import { countBuilds } from '#build/build-count-store.ts';
import type { RootAccount } from '#data-folder/root-file.ts';
import { Followers } from '#log/followers.ts';
import type { RequestObserver } from '#port/answered-request.ts';
import { VERSION } from '#process/version.ts';
import { findRepositoryById } from '#repository/repository-store.ts';
import { createMetrics, type Metrics } from '#routes/metrics.ts';
import { writeEventLines } from '#server-log/event-lines.ts';
import type { Config } from '#settings/config.ts';
import { openTracing, type Tracing, type TracingMeans } from '#trace/open-tracing.ts';

interface WatchedServer {
  config: Config;
  account: RootAccount;
  logger: Logger;
}

/** What watches a server: figures, lines in its log, and traces. */
export interface Watch {
  readonly metrics: Metrics;
  readonly noteRequest: RequestObserver;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 15_000;

/** The log streams of a server. */
export function openFollowers(config: Config, logger: Logger): Followers {
  const limits = {
    total: config['followers-limit'],
    each: config['followers-each-limit'],
    stallMs: config['follower-stall-seconds'] * 1000,
    heartbeatMs: HEARTBEAT_MS,
  };
  return new Followers(limits, logger);
}

/** Starts watching what happens in this process, until it is closed. */
export async function startWatch(
  parts: WatchedServer,
  means: Pick<TracingMeans, 'db' | 'logbook' | 'report'> & { followers: Followers },
): Promise<Watch> {
  const { db, report, followers } = means;
  const metrics = createMetrics({ countBuilds: () => countBuilds(db), followers });
  const tracing = await startTracing(parts, means);
  const repositoryName = async (repoId: string) => {
    const found = await findRepositoryById(db, repoId);
    return found && `${found.namespaceName}/${found.name}`;
  };
  const endLines = writeEventLines({ logger: parts.logger, repositoryName, report });
  return {
    metrics,
    noteRequest: (request) => {
      metrics.noteRequest(request);
      tracing?.noteRequest(request);
    },
    close: async () => {
      metrics.close();
      await tracing?.close();
      endLines();
    },
  };
}

/** Traces, if a receiver for them is set. */
async function startTracing(
  { config, account }: WatchedServer,
  means: Pick<TracingMeans, 'db' | 'logbook' | 'report'>,
): Promise<Tracing | undefined> {
  const url = config['otlp-url'];
  if (url === undefined) return undefined;
  const requestPercent = config['trace-requests-percent'];
  return openTracing({ ...means, url, requestPercent, version: VERSION, instanceId: account.InstanceId });
}
