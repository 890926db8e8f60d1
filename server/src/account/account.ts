import type { Principal } from '#ram/principal.ts';

/** A key that may sign calls: its secret, and whom it speaks for. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of a temporary key, the token that must come with it. */
  readonly securityToken?: string;
  /** When a temporary key ends, in milliseconds since 1970. */
  readonly expiresMs?: number;
  readonly status: 'Active' | 'Inactive';
  readonly principal: Principal;
}

/** Where keys are looked up: the owner's pair, keys of users, temporary keys of sessions. */
export interface AccountKeys {
  /** The key of this id, or undefined. An unusable key (no secret) is never answered. */
  findKey(accessKeyId: string): Promise<AccessKey | undefined> | AccessKey | undefined;
  /** Told of every call that a key has signed. */
  noteUse?(key: AccessKey, nowMs: number): void;
}

/** The account's own pair, given at start. Throws on an empty id or secret: such a pair could be signed by anyone. */
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
