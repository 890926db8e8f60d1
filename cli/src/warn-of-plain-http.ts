import { say } from './say.ts';

const LOOPBACK = /^((.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Says that nothing hides what is sent, where a server elsewhere is named without TLS: no secret of a key is, all else. */
export function warnOfPlainHttp(endpoint: string): void {
  const { protocol, hostname, host } = new URL(endpoint);
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return;
  say(
    `http://${host} is not encrypted: whoever is on the way can read and change what is sent and answered; use https:// (setting tls-cert)`,
  );
}
