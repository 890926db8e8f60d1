import type { Policy } from './policy.ts';

/** The circumstances of a call that policy conditions can refer to. */
export interface Circumstances {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** The address of the client, even behind trusted proxies; absent if unknown. */
  readonly sourceIp?: string | undefined;
  readonly secureTransport: boolean;
}

/** A policy that applies to a principal, and through which attachment, for explanations. */
export interface AttachedPolicy {
  readonly name: string;
  readonly type: 'System' | 'Custom';
  /** `user reader`, `group readers` or `role builder`. */
  readonly through: string;
  readonly policy: Policy;
}

interface Caller {
  readonly accountId: string;
  /** The key that signed the call. */
  readonly accessKeyId: string;
  readonly arn: string;
  /** Absent outside a call, such as in a simulation without circumstances. */
  readonly call?: Circumstances | undefined;
}

/** The account's owner: `acs:ram::<account>:root`, whom no policy limits. */
export interface RootPrincipal extends Caller {
  readonly kind: 'root';
}

/** A RAM user, `acs:ram::<account>:user/<name>`, with the policies of the user and of the user's groups. */
export interface UserPrincipal extends Caller {
  readonly kind: 'user';
  readonly userId: string;
  readonly userName: string;
  readonly policies: readonly AttachedPolicy[];
}

/** The policy that a session was started with, and its text as sent. */
export interface SessionPolicy {
  readonly document: string;
  readonly policy: Policy;
}

/** A session of a role, `acs:ram::<account>:assumed-role/<name>/<session>`: the role's policies, narrowed by the session's. */
export interface RolePrincipal extends Caller {
  readonly kind: 'assumed-role';
  readonly roleId: string;
  readonly roleName: string;
  readonly sessionName: string;
  readonly policies: readonly AttachedPolicy[];
  readonly sessionPolicy?: SessionPolicy | undefined;
}

/** Who makes a call. */
export type Principal = RootPrincipal | UserPrincipal | RolePrincipal;
