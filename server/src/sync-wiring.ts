import { ANY_ADDRESS } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import { startEventConsumers } from '#event/event-consumers.ts';
import type { Jobs } from '#job/jobs.ts';
import type { OwnCopyMeans } from '#registry/copy/own-copy.ts';
import { bareHostname } from '#registry/foreign/registry-host.ts';
import { syncRunner } from '#replication/sync-job.ts';
import type { TargetSettings } from '#replication/target-settings.ts';
import type { Means } from '#rpc/context.ts';
import { SYNC } from '#sync/sync.ts';
import { syncEvents } from '#sync/sync-events.ts';
import type { Config } from './config.ts';
import { parseAllowed } from './delivery-wiring.ts';

/** What replication works with. */
export interface SyncWiringMeans {
  means: Means;
  own: OwnCopyMeans;
  targets: readonly TargetSettings[];
  config: Config;
  /** Certificates in PEM; undefined for those of the machine. */
  authorities: string | undefined;
  jobs: Jobs;
  report: (message: string, error: unknown) => void;
}

/** Copies images as rules say and callers ask, until it is closed; `jobs` runs the copies. */
export async function startSync(wiring: SyncWiringMeans): Promise<{ close(): Promise<void> }> {
  const { config, means, own, targets, authorities, jobs, report } = wiring;
  const allowed = parseAllowed(config, 'allow-addresses');
  const proxies = { proxy: config.proxy, direct: config['no-proxy'] };
  const access = ({ registry, login }: TargetSettings) => {
    const chosen = [registry, ...('api' in login ? [login.api] : [])].map((url) => bareHostname(new URL(url)));
    const pin = (host: string) => findRoute(host, chosen.includes(host) ? ANY_ADDRESS : allowed, proxies);
    return { pin, authorities };
  };
  jobs.register(SYNC, syncRunner({ means, own, targets, access }, { atOnce: config['sync-at-once'] }));
  const consumers = [syncEvents(means)];
  return startEventConsumers({ db: means.db, consumers, taken: () => means.jobsChanged(), report });
}
