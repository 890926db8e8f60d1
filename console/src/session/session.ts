import { readApiError } from '@slipway/client/api-call-error.ts';
import { type Client, createClient } from '@slipway/client/client.ts';
import { useSyncExternalStore } from 'react';

/** Who is signed in. The credentials are in the memory of this page only, and end with it or after an hour. */
export interface Session {
  /** `acs:ram::<account>:root`, say. */
  arn: string;
  instanceId: string;
  expiresMs: number;
  client: Client;
}

interface SessionReply {
  AccessKeyId: string;
  AccessKeySecret: string;
  SecurityToken: string;
  ExpireTime: number;
  Arn: string;
  InstanceId: string;
}

const endpoint = globalThis.location?.origin ?? '';
let session: Session | undefined;
let expiry: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Whether this page may sign at all: browsers give WebCrypto to secure origins only. */
export function canSign(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

/**
 * Exchanges a key pair for temporary credentials of the same identity. The pair is used to sign this one request and is
 * not kept. Throws `ApiCallError` where the server refuses.
 */
export async function signIn(accessKeyId: string, accessKeySecret: string): Promise<void> {
  const own = createClient({ endpoint, accessKeyId, accessKeySecret });
  const response = await own.fetch('/api/v1/session', { method: 'POST' });
  const text = await response.text();
  if (!response.ok) throw readApiError(response.status, text);
  const reply = JSON.parse(text) as SessionReply;
  const client = createClient({
    endpoint,
    accessKeyId: reply.AccessKeyId,
    accessKeySecret: reply.AccessKeySecret,
    securityToken: reply.SecurityToken,
  });
  change({ arn: reply.Arn, instanceId: reply.InstanceId, expiresMs: reply.ExpireTime, client });
}

/** Forgets the credentials, and ends them on the server. */
export async function signOut(): Promise<void> {
  const ended = session;
  change(undefined);
  await ended?.client.fetch('/api/v1/session', { method: 'DELETE' });
}

/** The client of whoever is signed in. Throws where nobody is. */
export function currentClient(): Client {
  if (session === undefined) throw new Error('nobody is signed in');
  return session.client;
}

/** Who is signed in, or undefined; the page follows when that changes. */
export function useSession(): Session | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => session,
  );
}

function change(next: Session | undefined): void {
  session = next;
  clearTimeout(expiry);
  if (next) expiry = setTimeout(() => change(undefined), Math.max(0, next.expiresMs - Date.now()));
  for (const listener of listeners) listener();
}
