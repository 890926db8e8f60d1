import { type AllowedAddresses, ANY_ADDRESS, allowedAddresses } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import { COMMIT_STATUS, commitStatusRunner } from '#commit-status/commit-status-job.ts';
import { isMailReceiver } from '#delivery/mail-recipients.ts';
import type { Jobs } from '#job/jobs.ts';
import { DeliveryEngine } from '#outgoing/delivery-engine.ts';
import { postDelivery } from '#outgoing/post-delivery.ts';
import { postJson } from '#outgoing/post-json.ts';
import { type MailMeans, sendMail } from '#outgoing/send-mail.ts';
import type { MailLimits, Means } from '#rpc/context.ts';
import { type Config, ConfigError } from '#settings/config.ts';

/** What sending deliveries needs. */
export interface DeliveryWiringMeans extends Pick<Means, 'db' | 'secrets' | 'now'> {
  config: Config;
  /** Certificates in PEM; undefined for those of the machine. */
  authorities: string | undefined;
  mailPassword: string | undefined;
  publicUrl: string;
  jobs: Jobs;
  isPaused: () => boolean;
  report: (message: string, error: unknown) => void;
  /** Told about each token before it is used. */
  keepOut: (secret: string) => void;
}

/**
 * Sends the deliveries that wait, until it is closed; `jobs` sends the statuses of commits. Before the jobs start.
 * Throws `ConfigError` for invalid address ranges.
 */
export function startDeliveries(means: DeliveryWiringMeans): DeliveryEngine {
  const { config, authorities, now, jobs } = means;
  const forSources = pinning(config, 'allow-addresses');
  const anywhere = pinning(config, 'allow-addresses', ANY_ADDRESS);
  const statuses = commitStatusRunner({
    ...means,
    send: (call, { allowPrivate, signal }) =>
      postJson(call, { pin: allowPrivate ? anywhere : forSources, authorities, signal }),
  });
  jobs.register(COMMIT_STATUS, statuses);
  const pin = pinning(config, 'trigger-allow-addresses');
  const mail = mailMeans(means);
  return new DeliveryEngine({
    ...means,
    post: async (call) => {
      if (!isMailReceiver(call.receiver.url)) return postDelivery({ pin, authorities, now }, call);
      return mail === undefined ? { failure: NO_MAIL } : sendMail(mail, call);
    },
  });
}

const NO_MAIL = 'this server sends no mail any more; its operator turns mail on with smtp-url and smtp-from';

/** To whom rules may send mail; undefined if the server sends none. */
export function mailLimits(config: Config): MailLimits | undefined {
  return config['smtp-url'] && { domains: config['mail-domains'] };
}

function mailMeans({ config, authorities, mailPassword }: DeliveryWiringMeans): MailMeans | undefined {
  const { 'smtp-url': address, 'smtp-from': from, 'smtp-user': user } = config;
  const limits = mailLimits(config);
  if (address === undefined || from === undefined || limits === undefined) return undefined;
  const login = user === undefined || mailPassword === undefined ? undefined : { user, password: mailPassword };
  // The operator names this host, so it may be anywhere, as a mail server of one's own mostly is.
  const pin = pinning(config, 'allow-addresses', ANY_ADDRESS);
  return { server: { ...address, allowsPlain: config['smtp-plain'], from, login }, limits, pin, authorities };
}

/** How to reach hosts under a setting that allows more addresses than public ones. */
function pinning(config: Config, setting: AddressSetting, allowed = parseAllowed(config, setting)) {
  const proxies = { proxy: config.proxy, direct: config['no-proxy'] };
  return (host: string) => findRoute(host, allowed, proxies, setting);
}

type AddressSetting = 'allow-addresses' | 'trigger-allow-addresses';

/** The address ranges of a setting. Throws `ConfigError`. */
export function parseAllowed(config: Config, name: AddressSetting): AllowedAddresses {
  try {
    return allowedAddresses(config[name]);
  } catch (error) {
    throw new ConfigError([`${name}: ${(error as Error).message}`]);
  }
}
