import { say } from './say.ts';

const LOOPBACK = /^((.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Says that nothing hides what is sent, where a server elsewhere is named without TLS: no secret of a key is, all else. */
export function warnOfPlainHttp(endpoint: string): void {
  const { protocol, hostname, host } = new URL(endpoint);
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return;
  say(
    `http://${host} is not encrypted: anyone on the network path can read and change requests and answers; use https:// (setting tls-cert)`,
  );
}
