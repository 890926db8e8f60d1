import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A delivery's headers, by lower-case name. */
export type DeliveryHeaders = Readonly<Record<string, string | string[] | undefined>>;

const GITEE_SKEW_MS = 15 * 60_000;

/**
 * Checks that a code host that knows `secret` sent this body. Returns the reason if not, or undefined if it did. Without a body,
 * checks only the headers, and returns undefined if the body decides. Signatures cover the bytes as received:
 * - Gitea: X-Gitea-Signature, HMAC-SHA256 of the body in hex (https://docs.gitea.com/usage/webhooks)
 * - GitHub: X-Hub-Signature-256, the same after `sha256=`; the SHA-1 header alone is not accepted
 *   (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries)
 * - GitLab: X-Gitlab-Token, the secret itself (https://docs.gitlab.com/user/project/integrations/webhooks/)
 * - Gitee: X-Gitee-Token, the secret itself, or with X-Gitee-Timestamp base64 of HMAC-SHA256 of `timestamp LF secret`
 *   (https://gitee.com/help/articles/4290)
 */
export function signatureMistake(
  headers: DeliveryHeaders,
  body: Uint8Array | undefined,
  secret: string,
  nowMs: number,
): string | undefined {
  const one = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const signs = (given: string, prefix = '') =>
    body === undefined || same(given, prefix + createHmac('sha256', secret).update(body).digest('hex'))
      ? undefined
      : 'the signature does not match the body';
  const gitea = one('x-gitea-signature');
  if (gitea !== undefined) return signs(gitea);
  const github = one('x-hub-signature-256');
  if (github !== undefined) return signs(github, 'sha256=');
  const gitlab = one('x-gitlab-token');
  if (gitlab !== undefined) return same(gitlab, secret) ? undefined : 'the token is not the hook’s secret';
  const gitee = one('x-gitee-token');
  if (gitee !== undefined) return giteeMistake(gitee, one('x-gitee-timestamp'), secret, nowMs);
  if (one('x-hub-signature') !== undefined)
    return 'it is signed with SHA-1 only; give the hook’s secret to the code host';
  return 'it has no signature; give the hook’s secret to the code host';
}

function giteeMistake(token: string, timestamp: string | undefined, secret: string, nowMs: number): string | undefined {
  if (same(token, secret)) return undefined;
  const sent = /^\d{13}$/.test(timestamp ?? '') ? Number(timestamp) : undefined;
  const expected = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
  const isSigned = sent !== undefined && (same(token, expected) || same(token, encodeURIComponent(expected)));
  if (!isSigned) return 'the token is neither the hook’s secret nor a signature made with it';
  return Math.abs(nowMs - sent) > GITEE_SKEW_MS ? 'it was signed too long ago' : undefined;
}

/** Compares digests, so that the time it takes reveals neither content nor length. */
function same(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
