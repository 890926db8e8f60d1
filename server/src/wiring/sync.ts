import { ANY_ADDRESS } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import type { Jobs } from '#job/jobs.ts';
import type { OwnCopyMeans } from '#registry/copy/own-copy.ts';
import { bareHostname } from '#registry/foreign/registry-host.ts';
import { syncRunner } from '#replication/sync-job.ts';
import type { TargetSettings } from '#replication/target-settings.ts';
import type { Means } from '#rpc/context.ts';
import type { Config } from '#settings/config.ts';
import { SYNC } from '#sync/sync.ts';
import { parseAllowed } from './delivery.ts';

/** What replication works with. */
export interface SyncWiringMeans {
  means: Means;
  own: OwnCopyMeans;
  targets: readonly TargetSettings[];
  config: Config;
  /** Certificates in PEM; undefined for those of the machine. */
  authorities: string | undefined;
}

/** Has the queue of jobs copy images. */
export function registerSync(jobs: Jobs, wiring: SyncWiringMeans): void {
  const { config, means, own, targets, authorities } = wiring;
  const allowed = parseAllowed(config, 'allow-addresses');
  const proxies = { proxy: config.proxy, direct: config['no-proxy'] };
  const access = ({ registry, login }: TargetSettings) => {
    const chosen = [registry, ...('api' in login ? [login.api] : [])].map((url) => bareHostname(new URL(url)));
    const pin = (host: string) => findRoute(host, chosen.includes(host) ? ANY_ADDRESS : allowed, proxies);
    return { pin, authorities };
  };
  jobs.register(SYNC, syncRunner({ means, own, targets, access }, { atOnce: config['sync-at-once'] }));
}
