import type { Policy } from './policy.ts';

/** What is known of a call beside who makes it: what policies' conditions can ask for. */
export interface Circumstances {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** The address of the client, behind trusted proxies too; absent where it is not known. */
  readonly sourceIp?: string | undefined;
  readonly secureTransport: boolean;
}

/** A policy that speaks for somebody, and how it came to: by whom it is named in an explanation. */
export interface AttachedPolicy {
  readonly name: string;
  readonly type: 'System' | 'Custom';
  /** `user reader`, `group readers` or `role builder`. */
  readonly through: string;
  readonly policy: Policy;
}

interface Caller {
  readonly accountId: string;
  /** The key the call was signed with. */
  readonly accessKeyId: string;
  readonly arn: string;
  /** Absent outside of a call, as in a simulation that names no circumstances. */
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

/** The policy that a session was given when it began, and its text as it was given. */
export interface SessionPolicy {
  readonly document: string;
  readonly policy: Policy;
}

/** A session of a role, `acs:ram::<account>:assumed-role/<name>/<session>`: the role's policies, cut by the session's. */
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
