import { readApiError } from '@slipway/client/api-call-error.ts';
import { type Client, createClient } from '@slipway/client/client.ts';
import type { Credentials } from '@slipway/client/sign-acs3.ts';
import { useSyncExternalStore } from 'react';
import { reach } from '../failure/reach.ts';

/** Who is signed in. The credentials exist only in this page's memory, and end with the page or after an hour. */
export interface Session {
  /** Such as `acs:ram::<account>:root`. */
  arn: string;
  accountId: string;
  instanceId: string;
  regionId: string;
  expiresMs: number;
  credentials: Credentials & { securityToken: string };
  client: Client;
}

interface SessionReply {
  AccessKeyId: string;
  AccessKeySecret: string;
  SecurityToken: string;
  ExpireTime: number;
  Arn: string;
  InstanceId: string;
  RegionId: string;
}

const endpoint = globalThis.location?.origin ?? '';
let session: Session | undefined;
let tried = false;
let renewal: ReturnType<typeof setTimeout> | undefined;
let expiry: ReturnType<typeof setTimeout> | undefined;
/** Credentials are renewed this long before they end. */
const RENEW_BEFORE_MS = 5 * 60 * 1000;
const listeners = new Set<() => void>();

/** Whether this page can sign at all: browsers offer WebCrypto only to secure origins. */
export function canSign(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

/**
 * Exchanges a key pair for temporary credentials of the same identity. The pair signs only this request and is not
 * kept. Throws `ApiCallError` if the server refuses.
 */
export async function signIn(accessKeyId: string, accessKeySecret: string): Promise<void> {
  const own = createClient({ endpoint, fetch: reach, accessKeyId, accessKeySecret });
  take(await readReply(await own.fetch('/api/v1/session', { method: 'POST' })));
}

/**
 * Exchanges a user's console password for temporary credentials; a new password, if given, replaces it. Throws
 * `ApiCallError`, with `PasswordResetRequired` if a new password must be given.
 */
export async function signInByPassword(fields: {
  UserName: string;
  Password: string;
  NewPassword?: string;
}): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(fields);
  take(await readReply(await reach('/api/v1/session/password', { method: 'POST', headers, body })));
}

/**
 * Renews the session with the browser's cookie, which no script can read: after a reload, and before the credentials
 * end. Does nothing without a cookie.
 */
export async function renewSession(): Promise<void> {
  try {
    const response = await fetch('/api/v1/session/renew', { method: 'POST' });
    if (response.status === 200) take(await readReply(response));
    else if (session === undefined) change('none');
  } catch {
    // The server does not answer; the user stays signed in until the credentials end.
    if (session === undefined) change('none');
  }
}

/** Forgets the credentials, and ends them on the server. */
export async function signOut(): Promise<void> {
  const ended = session;
  change('none');
  await ended?.client.fetch('/api/v1/session', { method: 'DELETE' });
}

/** The session. Throws if nobody is signed in. */
export function currentSession(): Session {
  if (session === undefined) throw new Error('nobody is signed in');
  return session;
}

/** The client of the session. Throws if nobody is signed in. */
export function currentClient(): Client {
  return currentSession().client;
}

/** The session; undefined if nobody is signed in, `unknown` until the cookie was tried. The page updates with it. */
export function useSession(): Session | undefined | 'unknown' {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (tried ? session : 'unknown'),
  );
}

/** Acts whenever another user is signed in than before, or nobody, before the page shows it; not when a session is renewed. */
export function onOtherUser(act: () => void): void {
  let arn = session?.arn;
  listeners.add(() => {
    if (session?.arn === arn) return;
    arn = session?.arn;
    act();
  });
}

async function readReply(response: Response): Promise<SessionReply> {
  const text = await response.text();
  if (!response.ok) throw readApiError(response.status, text);
  return JSON.parse(text) as SessionReply;
}

function take(reply: SessionReply): void {
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken } = reply;
  // The server knows the key no more: the password was changed, the user deleted, or the session ended in another tab.
  const reachOrEnd: typeof fetch = async (input, init) => {
    const response = await reach(input, init);
    if (response.status === 404 && session?.credentials.accessKeyId === accessKeyId) {
      const { code } = readApiError(404, await response.clone().text());
      if (code === 'InvalidAccessKeyId.NotFound') change('none');
    }
    return response;
  };
  const client = createClient({ endpoint, fetch: reachOrEnd, accessKeyId, accessKeySecret, securityToken });
  change({
    arn: reply.Arn,
    accountId: reply.Arn.split(':')[3] ?? '',
    instanceId: reply.InstanceId,
    regionId: reply.RegionId,
    expiresMs: reply.ExpireTime,
    credentials: { accessKeyId, accessKeySecret, securityToken },
    client,
  });
}

function change(next: Session | 'none'): void {
  tried = true;
  session = next === 'none' ? undefined : next;
  clearTimeout(renewal);
  clearTimeout(expiry);
  if (session) {
    const leftMs = Math.max(0, session.expiresMs - Date.now());
    renewal = setTimeout(renewSession, Math.max(0, leftMs - RENEW_BEFORE_MS));
    expiry = setTimeout(() => change('none'), leftMs);
  }
  for (const listener of listeners) listener();
}
