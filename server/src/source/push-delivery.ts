import { createHash } from 'node:crypto';
import type { DeliveryHeaders } from './push-signature.ts';

/** Headers in which code hosts name an event, the same at each try to deliver it. */
const EVENT_IDS = ['x-gitea-delivery', 'x-github-delivery', 'idempotency-key', 'x-gitee-delivery'];
/** Signatures over the body, which leave those headers out. */
const BODY_SIGNATURES = ['x-gitea-signature', 'x-hub-signature-256'];
const ID_LIMIT = 200;

/**
 * The names of a delivery whose sender is proved, by any of which it is known again. That is the code host's own id of the event;
 * beside it the body where the proof is a signature over it (whoever saw a signed body could send it under another id, and the
 * bodies of such hosts carry times, so that no two pushes are alike); and the body alone where there is no id.
 *
 * GitLab before 17.4 has no `Idempotency-Key`; its `X-Gitlab-Event-UUID` is another at each try, and one for all events that come
 * of a hook's own calls, so that it names a delivery with the body only. `X-Gitlab-Webhook-UUID` is another at each try in every version.
 */
export function deliveryNames(headers: DeliveryHeaders, body: Buffer): string[] {
  const one = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' && value !== '' ? value.slice(0, ID_LIMIT) : undefined;
  };
  const bodyName = `body ${createHash('sha256').update(body).digest('hex')}`;
  const names: string[] = [];
  const id = EVENT_IDS.map(one).find((value) => value !== undefined);
  const gitlab = one('x-gitlab-event-uuid');
  if (id !== undefined) names.push(`id ${id}`);
  else if (gitlab !== undefined) names.push(`id ${gitlab} ${bodyName}`);
  if (names.length === 0 || BODY_SIGNATURES.some((name) => one(name) !== undefined)) names.push(bodyName);
  return names;
}
