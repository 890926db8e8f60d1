import type { FastifyRequest } from 'fastify';
import { verifyBearerToken } from '#account/keys/bearer-token-store.ts';
import type { CallRecord } from '#audit/call-record.ts';
import type { Principal } from '#ram/principal.ts';
import type { Means } from '#rpc/context.ts';
import { authenticateAcs3 } from '#signature/authenticate-acs3.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { checkBodyHash } from '#signature/checked-body.ts';
import { takeCall, type Verifier } from '#signature/verify-signature.ts';
import { noteOf } from './request-note.ts';

/** What identifies the caller, and where calls are recorded. */
export interface NativeCallers {
  readonly verifier: Verifier;
  readonly calls?: Pick<CallRecord, 'note' | 'list' | 'find'>;
}

/** Who sent a request, and the SHA-256 that its body must have if it was signed. */
interface Sender {
  principal: Principal;
  contentSha256: string | undefined;
}

type Callers = NativeCallers & Pick<Means, 'db' | 'now'>;

const NO_BODY = Buffer.alloc(0);
const senders = new WeakMap<FastifyRequest, Promise<Sender>>();

/** Who sent a request: the signer of its path, query and body, or the owner of its bearer token. Throws `ApiError`. */
export async function callerOf(
  callers: Callers,
  request: FastifyRequest,
  body: Buffer | undefined = NO_BODY,
): Promise<Principal> {
  const { principal, contentSha256 } = await senderOf(callers, request);
  if (contentSha256 !== undefined) checkBodyHash(contentSha256, body);
  return principal;
}

/** Like `callerOf`, but before the body is read. Each request is checked once. */
export function senderOf(callers: Callers, request: FastifyRequest): Promise<Sender> {
  const known = senders.get(request);
  if (known) return known;
  const sender = authenticate(callers, request);
  senders.set(request, sender);
  return sender;
}

/** Whether a request carries a bearer token (https://www.rfc-editor.org/rfc/rfc6750). */
export function isBearer(request: FastifyRequest): boolean {
  return /^Bearer /i.test(request.headers.authorization ?? '');
}

async function authenticate(callers: Callers, request: FastifyRequest): Promise<Sender> {
  const sender = isBearer(request)
    ? { principal: await bearerOf(callers, request), contentSha256: undefined }
    : await authenticateAcs3(request.raw, callers.verifier);
  noteOf(request).caller = sender.principal;
  return sender;
}

async function bearerOf({ db, now, verifier }: Callers, request: FastifyRequest): Promise<Principal> {
  const nowMs = now();
  const token = (request.headers.authorization ?? '').slice('Bearer '.length).trim();
  const principal = await verifyBearerToken(db, verifier.account, token, nowMs);
  takeCall(verifier, principal.arn, nowMs);
  return { ...principal, call: { timeMs: nowMs, ...callOrigin(request.raw, verifier.trustedProxies) } };
}
