import type { Principal } from '#ram/principal.ts';

/** A key that can sign calls: its secret, and the principal it acts for. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** For a temporary key: the token that must accompany it. */
  readonly securityToken?: string;
  /** For a temporary key: when it expires, in milliseconds since 1970. */
  readonly expiresMs?: number;
  readonly status: 'Active' | 'Inactive';
  readonly principal: Principal;
}

/** Looks up keys: the owner's key pair, users' keys, and the temporary keys of sessions. */
export interface AccountKeys {
  /** The key with this id, or undefined. Never returns a key without a secret. */
  findKey(accessKeyId: string): Promise<AccessKey | undefined> | AccessKey | undefined;
  /** Called for every call that a key has signed. */
  noteUse?(key: AccessKey, nowMs: number): void;
}

/** The account's own key pair, set at start. Throws if the id or secret is empty, since anyone could sign with such a pair. */
export function rootKeys(root: { accountId: string; accessKeyId: string; accessKeySecret: string }): AccountKeys {
  if (root.accessKeyId === '') throw new Error('the root AccessKeyId is empty');
  if (root.accessKeySecret === '') throw new Error('the root AccessKeySecret is empty');
  const key: AccessKey = {
    accessKeyId: root.accessKeyId,
    accessKeySecret: root.accessKeySecret,
    status: 'Active',
    principal: {
      kind: 'root',
      accountId: root.accountId,
      accessKeyId: root.accessKeyId,
      arn: `acs:ram::${root.accountId}:root`,
    },
  };
  return { findKey: (accessKeyId) => (accessKeyId === key.accessKeyId ? key : undefined) };
}
