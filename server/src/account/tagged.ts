import type { Database } from '#db/database.ts';
import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { changeAccount } from './change-account.ts';
import { notExist } from './errors.ts';
import { signInName } from './passwords/console-password.ts';
import { getPolicy } from './policies/policy-store.ts';
import { getRole } from './role-store.ts';
import {
  checkTags,
  hasTags,
  listTagged,
  listTags,
  removeTags,
  setTags,
  type Tag,
  type Tagged,
} from './tags/tag-store.ts';
import { findUserById, getUser } from './user-store.ts';

/** A listed tag, with its resource. */
export interface ListedTag extends Tagged {
  readonly key: string;
  readonly value: string;
}

const AT_ONCE = 50;

/** The roles or policies with these names. Throws EntityNotExist.Role or .Policy. */
export async function namedTagged(db: Database, kind: 'role' | 'policy', names: readonly string[]): Promise<Tagged[]> {
  checkNumber('ResourceNames', names);
  const found: Tagged[] = [];
  for (const name of names) {
    const id = kind === 'role' ? (await getRole(db, name)).role_id : (await getPolicy(db, name)).name;
    found.push({ kind, id, name });
  }
  return found;
}

/** The users with these ids or names. A name can end in `@ACCOUNT`. Throws EntityNotExist.User. */
export async function taggedUsers(
  { db, accountId }: { db: Database; accountId: string },
  ids: readonly string[] | undefined,
  names: readonly string[] | undefined,
): Promise<Tagged[]> {
  checkNumber('ResourceId', ids ?? []);
  checkNumber('ResourcePrincipalName', names ?? []);
  const found: Tagged[] = [];
  for (const id of ids ?? []) {
    const row = await findUserById(db, id);
    if (!row) throw notExist('EntityNotExist.User', id);
    found.push({ kind: 'user', id, name: row.name });
  }
  for (const typed of names ?? []) {
    const { user_id, name } = await getUser(db, await signInName(db, accountId, typed));
    found.push({ kind: 'user', id: user_id, name });
  }
  return found;
}

/** Sets the tags on all of them, or on none. */
export async function tagAll(
  db: Database,
  find: (db: Database) => Promise<Tagged[]>,
  tags: readonly Tag[],
): Promise<void> {
  checkTags(tags);
  await changeAccount(db, async (trx) => {
    for (const tagged of await find(trx)) await setTags(trx, tagged, tags);
  });
}

/** Removes the tags with these keys from all of them; with `all` and no keys, removes every tag. */
export async function untagAll(
  db: Database,
  find: (db: Database) => Promise<Tagged[]>,
  { keys = [], all = false, parameter }: { keys?: readonly string[]; all?: boolean; parameter: string },
): Promise<void> {
  if (keys.length === 0 && !all) throw missingParameter(parameter);
  await changeAccount(db, async (trx) => {
    for (const tagged of await find(trx)) await removeTags(trx, tagged, keys.length === 0 ? undefined : keys);
  });
}

/**
 * A page of tags: of the named resources, or of all resources of the kind, that have every tag in `filter`. `NextToken` is
 * the number of tags before the page.
 */
export async function tagPage(
  db: Database,
  asked: {
    named: readonly Tagged[] | undefined;
    kind: Tagged['kind'];
    filter?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;
  },
  { NextToken = '0', PageSize = 20 }: { NextToken?: string | undefined; PageSize?: number | undefined },
): Promise<{ tags: ListedTag[]; next: string | undefined }> {
  if (!/^\d{1,9}$/.test(NextToken)) throw invalidParameter('NextToken', 'it is not a token from a page of this list.');
  if (PageSize < 1 || PageSize > 1000) throw invalidParameter('PageSize', `${PageSize} is not from 1 to 1000.`);
  const all: ListedTag[] = [];
  for (const tagged of asked.named ?? (await listTagged(db, asked.kind))) {
    const tags = await listTags(db, tagged);
    if (hasTags(tags, asked.filter)) all.push(...tags.map((tag) => ({ ...tagged, ...tag })));
  }
  const end = Number(NextToken) + PageSize;
  return { tags: all.slice(Number(NextToken), end), next: end < all.length ? String(end) : undefined };
}

function checkNumber(parameter: string, names: readonly string[]): void {
  if (names.length > AT_ONCE)
    throw invalidParameter(parameter, `it has ${names.length} entries; ${AT_ONCE} is the limit.`);
}
