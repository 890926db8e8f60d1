import { openTracing, type Tracing, type TracingMeans } from '#trace/open-tracing.ts';
import type { Config } from './config.ts';
import type { RootAccount } from './root-account.ts';
import { VERSION } from './version.ts';

/** Traces, if a receiver for them is set. */
export async function startTracing(
  { config, account }: { config: Config; account: RootAccount },
  means: Pick<TracingMeans, 'db' | 'logbook' | 'report'>,
): Promise<Tracing | undefined> {
  const url = config['otlp-url'];
  if (url === undefined) return undefined;
  const requestPercent = config['trace-requests-percent'];
  return openTracing({ ...means, url, requestPercent, version: VERSION, instanceId: account.InstanceId });
}
