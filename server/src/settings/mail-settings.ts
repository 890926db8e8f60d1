import { isMailAddress } from '#rpc/mail-address.ts';
import { flag, type Kind, list, path, secretText, setting } from './setting-kinds.ts';

/** Where mail is handed in. */
export interface SmtpAddress {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

const DEFAULT_PORTS = { smtp: 587, smtps: 465 };

const smtpUrl: Kind<SmtpAddress> = {
  parse: (value) => {
    const [, scheme, ipv6, name, port] =
      /^(smtps?):\/\/(?:\[([0-9a-f:]+)\]|([a-z0-9.-]+))(?::(\d{1,5}))?\/?$/i.exec(value) ?? [];
    const host = ipv6 ?? name;
    if (host === undefined || Number(port ?? 1) > 65_535) return undefined;
    const isTls = scheme?.toLowerCase() === 'smtps';
    return { host, port: Number(port ?? DEFAULT_PORTS[isTls ? 'smtps' : 'smtp']), isTls };
  },
  expects: 'smtp:// or smtps:// with a host and an optional port, without a login',
};

const sender: Kind<string> = {
  parse: (value) => {
    const [, address = value] = /^[\w .-]{0,64} <([^<>]+)>$/.exec(value) ?? [];
    return isMailAddress(address) ? value : undefined;
  },
  expects: 'a mail address, such as slipway@example.com or Slipway <slipway@example.com>',
};

export const MAIL_SETTINGS = {
  'smtp-url': setting<SmtpAddress | undefined>(
    smtpUrl,
    undefined,
    'Mail server for event rules with the method mail: smtp://HOST (port 587, STARTTLS) or smtps://HOST (port 465, TLS). If not set, no mail is sent.',
  ),
  'smtp-from': setting<string | undefined>(sender, undefined, 'Sender of mail.'),
  // For some mail services, it is a key like the password.
  'smtp-user': setting<string | undefined>(
    secretText,
    undefined,
    'User of the login at the mail server, if it asks for one.',
  ),
  'smtp-password-file': setting<string | undefined>(path, undefined, 'File with the password of that login.'),
  'smtp-plain': setting(
    flag,
    'false',
    'Send mail without TLS if the mail server offers no STARTTLS: for one on this machine.',
  ),
  'mail-domains': setting(
    list,
    '',
    'Domains to which rules may send mail, each with everything below it. If empty, to any.',
  ),
};
