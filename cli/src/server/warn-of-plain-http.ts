import { say } from '../output/say.ts';

const LOOPBACK = /^((.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const RISKS = {
  server: 'read and change requests and answers; use https:// (setting tls-cert)',
  store: 'read and change backups; use https:// if the store offers it',
};

/**
 * Warns if a server or a store on another machine is used without TLS: the secret of a key is never sent, but everything else
 * is readable.
 */
export function warnOfPlainHttp(endpoint: string, kind: keyof typeof RISKS): void {
  const { protocol, hostname, host } = new URL(endpoint);
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return;
  say(`http://${host} is not encrypted: anyone on the network path can ${RISKS[kind]}`);
}
