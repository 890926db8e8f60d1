import { invalidParameter } from '#rpc/errors/api-error.ts';
import { isMailReceiver } from './mail-recipients.ts';

const URL_LIMIT_CHARS = 2048;

/**
 * Checks the address of a receiver. Throws InvalidParameter, which names the parameter and never quotes the address,
 * since it may contain a password.
 */
export function checkReceiverUrl(parameter: string, text: string): void {
  const mistake = urlMistake(text);
  if (mistake !== undefined) throw invalidParameter(parameter, mistake);
}

/** `host:port` of a receiver's address; `mail` for all that get mail. */
export function originOf(text: string): string {
  // All mail goes to one server.
  if (isMailReceiver(text)) return 'mail';
  const { protocol, hostname, port } = new URL(text);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/** An address for logs and pages: with `***` for user, password, and the values of its query. */
export function shownUrl(text: string): string {
  if (isMailReceiver(text)) return text;
  const url = new URL(text);
  const user = url.username === '' && url.password === '' ? '' : '***@';
  const query = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=***`).join('&');
  return `${url.protocol}//${user}${url.host}${url.pathname}${query && `?${query}`}`;
}

function urlMistake(text: string): string | undefined {
  if (text.length > URL_LIMIT_CHARS) return `it has ${text.length} characters; ${URL_LIMIT_CHARS} is the limit.`;
  const url = /[\s\p{Cc}]/u.test(text) ? null : URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return 'it is not an address such as https://ci.example.com/hook; http:// and https:// are possible.';
  return url.hash === '' ? undefined : 'the part after # is never sent; leave it out.';
}
