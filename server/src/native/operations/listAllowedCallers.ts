import { rolePrincipal, userPrincipal } from '#account/principals.ts';
import { listRoles } from '#account/role-store.ts';
import { listUsers } from '#account/user-store.ts';
import { decide } from '#ram/decide.ts';
import type { Principal } from '#ram/principal.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { type NativeContext, nativeOperation } from '../native-operation.ts';

/** How many users or roles one call looks at; each takes a few reads. */
const LOOKED_AT = 200;
const CURSOR = /^(user|role)\/([\w.@-]*)$/;

/**
 * `GET /policy/callers`: who may make a call now, and by which policy: first users, then roles, by name. Like the
 * simulation of one caller it shows policies, so it needs `ram:SimulatePolicy` on `*`. The owner of the account, whom no
 * policy limits, is not listed.
 */
export default nativeOperation('listAllowedCallers', async (context, { action, resource = '*', cursor = 'user/' }) => {
  const [, kind, after] = CURSOR.exec(cursor) ?? [];
  if (kind === undefined || after === undefined)
    throw invalidParameter('cursor', 'it is not one that this list returned.');
  const { names, principals, next } =
    kind === 'user' ? await usersAfter(context, after) : await rolesAfter(context, after);
  return {
    Callers: principals.flatMap((principal, index) => {
      const { allowed, reason, considered } = decide({ principal, action, resource });
      if (reason === 'ImplicitDeny') return [];
      const effect = allowed ? 'Allow' : 'Deny';
      const by = considered.find((each) => each.outcome === 'applies' && each.effect === effect);
      const name = names[index];
      const caller = kind === 'user' ? { UserName: name } : { RoleName: name };
      return [{ ...caller, Allowed: allowed, Policy: by?.policy ?? '', Statement: by?.statement ?? 0 }];
    }),
    Cursor: next,
  };
});

interface Looked {
  names: string[];
  principals: Principal[];
  /** Where the next call continues. */
  next: string | undefined;
}

async function usersAfter({ db, accountId, now }: NativeContext, after: string): Promise<Looked> {
  const found = await listUsers(db, { after, limit: LOOKED_AT });
  const users = found.slice(0, LOOKED_AT);
  const call = { timeMs: now(), secureTransport: true };
  const principals: Principal[] = [];
  for (const user of users) principals.push({ ...(await userPrincipal(db, accountId, user, '')), call });
  const next = found.length > LOOKED_AT ? `user/${users.at(-1)?.name}` : 'role/';
  return { names: users.map(({ name }) => name), principals, next };
}

async function rolesAfter({ db, accountId, now }: NativeContext, after: string): Promise<Looked> {
  const found = await listRoles(db, { after, limit: LOOKED_AT });
  const roles = found.slice(0, LOOKED_AT);
  const session = { accessKeyId: '', name: 'simulation', policy: null };
  const call = { timeMs: now(), secureTransport: true };
  const principals: Principal[] = [];
  for (const role of roles) principals.push({ ...(await rolePrincipal(db, accountId, role, session)), call });
  const next = found.length > LOOKED_AT ? `role/${roles.at(-1)?.name}` : undefined;
  return { names: roles.map(({ name }) => name), principals, next };
}
