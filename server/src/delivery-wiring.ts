import { type AllowedAddresses, allowedAddresses } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import { DeliveryEngine } from '#outgoing/delivery-engine.ts';
import { postDelivery } from '#outgoing/post-delivery.ts';
import type { Means } from '#rpc/context.ts';
import { type Config, ConfigError } from './config.ts';

/** What sending deliveries needs. */
export interface DeliveryWiringMeans extends Pick<Means, 'db' | 'secrets' | 'now'> {
  config: Config;
  /** Certificates in PEM; undefined for those of the machine. */
  authorities: string | undefined;
  report: (message: string, error: unknown) => void;
}

/** Sends the deliveries that wait, until it is closed. Throws `ConfigError` for invalid address ranges. */
export function startDeliveries(means: DeliveryWiringMeans): DeliveryEngine {
  const { config, authorities, now } = means;
  const allowed = parseAllowed(config, SETTING);
  const proxies = { proxy: config.proxy, direct: config['no-proxy'] };
  const pin = (host: string) => findRoute(host, allowed, proxies, SETTING);
  return new DeliveryEngine({
    ...means,
    post: (call) => postDelivery({ pin, authorities, now }, call),
  });
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
