import { findRoute } from '#address/route.ts';
import type { Jobs } from '#job/jobs.ts';
import { mirrorRunner } from '#mirror/mirror-job.ts';
import type { ProviderSettings } from '#mirror/provider-settings.ts';
import { repeat } from '#process/repeat.ts';
import type { OwnCopyMeans } from '#registry/copy/own-copy.ts';
import type { Means } from '#rpc/context.ts';
import type { Config } from '#settings/config.ts';
import { MIRROR } from '#subscription/subscription.ts';
import { beginDueTasks } from '#subscription/subscription-schedule.ts';
import { parseAllowed } from './delivery.ts';

const LOOK_EVERY_MS = 30_000;
const HOUR_MS = 3_600_000;
const SETTING = 'allow-addresses';

/** What mirroring works with. */
export interface SubscriptionWiringMeans {
  means: Means;
  own: OwnCopyMeans;
  providers: readonly ProviderSettings[];
  config: Config;
  /** Certificates in PEM; undefined for those of the machine. */
  authorities: string | undefined;
  jobs: Jobs;
  report: (message: string, error: unknown) => void;
}

/** Runs subscription rules when they are due, until it is closed; `jobs` runs the copies. Before the jobs start. */
export function startSubscriptions(wiring: SubscriptionWiringMeans): { close(): Promise<void> } {
  const { config, means, own, providers, authorities, jobs, report } = wiring;
  const allowed = parseAllowed(config, SETTING);
  const proxies = { proxy: config.proxy, direct: config['no-proxy'] };
  const access = { authorities, pin: (host: string) => findRoute(host, allowed, proxies, SETTING) };
  jobs.register(MIRROR, mirrorRunner({ means, own, providers, access }));
  const everyMs = config['subscription-every-hours'] * HOUR_MS;
  // 0 hours: rules run only when somebody asks for it.
  if (everyMs === 0) return { close: async () => undefined };
  const look = async () => {
    const begun = await beginDueTasks(means.db, { everyMs, nowMs: means.now(), newId: means.newId });
    if (begun > 0) means.jobsChanged();
  };
  return repeat(LOOK_EVERY_MS, look, (error) =>
    report('the subscription rules that are due could not be started', error),
  );
}
