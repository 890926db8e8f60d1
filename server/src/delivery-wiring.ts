import { type AllowedAddresses, allowedAddresses } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import { startEventConsumers } from '#event/event-consumers.ts';
import { eventRuleEvents } from '#event-rule/event-rule-events.ts';
import { DeliveryEngine } from '#outgoing/delivery-engine.ts';
import { postDelivery } from '#outgoing/post-delivery.ts';
import type { Means } from '#rpc/context.ts';
import { triggerEvents } from '#trigger/trigger-events.ts';
import { type Config, ConfigError } from './config.ts';

/** What sending events needs. */
export interface DeliveryWiringMeans extends Pick<Means, 'db' | 'secrets' | 'accountId' | 'regionId' | 'now'> {
  config: Config;
  /** Certificates in PEM; undefined for those of the machine. */
  authorities: string | undefined;
  report: (message: string, error: unknown) => void;
}

/** Sends what happens to those who asked for it, until it is closed. Throws `ConfigError` for invalid address ranges. */
export async function startDeliveries(means: DeliveryWiringMeans): Promise<{ close(): Promise<void> }> {
  const { config, authorities, now, report } = means;
  const allowed = parseAllowed(config, SETTING);
  const proxies = { proxy: config.proxy, direct: config['no-proxy'] };
  const pin = (host: string) => findRoute(host, allowed, proxies, SETTING);
  const engine = new DeliveryEngine({
    ...means,
    post: (call) => postDelivery({ pin, authorities, now }, call),
  });
  const consumers = [triggerEvents(means.regionId), eventRuleEvents(means)];
  const events = await startEventConsumers({ db: means.db, consumers, taken: () => engine.wake(), report });
  return {
    close: async () => {
      await events.close();
      await engine.close();
    },
  };
}

const SETTING = 'trigger-allow-addresses';

/** The address ranges of a setting. Throws `ConfigError`. */
export function parseAllowed(config: Config, name: 'allow-addresses' | 'trigger-allow-addresses'): AllowedAddresses {
  try {
    return allowedAddresses(config[name]);
  } catch (error) {
    throw new ConfigError([`${name}: ${(error as Error).message}`]);
  }
}
