import { createHash } from 'node:crypto';
import type { DeliveryHeaders } from './push-signature.ts';

/** Headers with a code host's event id, which is the same in each delivery attempt. */
const EVENT_IDS = ['x-gitea-delivery', 'x-github-delivery', 'idempotency-key', 'x-gitee-delivery'];
/** Headers with a signature over the body, which does not cover the id headers. */
const BODY_SIGNATURES = ['x-gitea-signature', 'x-hub-signature-256'];
const ID_LIMIT = 200;

/**
 * The names of a verified delivery. Any of them identifies it if it is sent again. They are the code host's event id; also the
 * body's hash if the body is signed (anyone who saw a signed body could send it under another id, and such hosts include times in
 * bodies, so no two pushes have the same body); and only the body's hash if there is no id.
 *
 * GitLab before 17.4 has no `Idempotency-Key`. Its `X-Gitlab-Event-UUID` differs in each attempt, and is shared by all events that
 * a hook's own calls cause, so it identifies a delivery only together with the body. `X-Gitlab-Webhook-UUID` differs in each
 * attempt in every version.
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
