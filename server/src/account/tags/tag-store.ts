import type { Database } from '#db/database.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { limitExceeded } from '../errors.ts';
import { checkLength } from '../names.ts';

/** Something with tags: a user or role, identified by id, or a policy, identified by name. */
export interface Tagged {
  readonly kind: 'user' | 'role' | 'policy';
  readonly id: string;
  /** The name in messages and replies. */
  readonly name: string;
}

/** A tag, as sent. An absent value means an empty one. */
export interface Tag {
  readonly Key: string;
  readonly Value?: string | undefined;
}

const TAGS_EACH = 20;
const LONGEST = 128;

/** Refuses keys and values that the vendor refuses, and duplicate keys. */
export function checkTags(tags: readonly Tag[]): void {
  for (const { Key, Value } of tags) {
    checkLength('Tag', Key, LONGEST);
    checkLength('Tag', Value, LONGEST);
    if (Key === '') throw invalidParameter('Tag', 'a key is empty.');
    if (/^(acs:|aliyun)|https?:\/\//.test(Key)) {
      const shown = JSON.stringify(Key);
      throw invalidParameter(
        'Tag',
        `the key ${shown} must not begin with acs: or aliyun, or contain http:// or https://.`,
      );
    }
  }
  const keys = tags.map(({ Key }) => Key);
  const double = keys.find((key, i) => keys.indexOf(key) !== i);
  if (double !== undefined) throw invalidParameter('Tag', `the key ${JSON.stringify(double)} is given twice.`);
}

/** Sets tags, replacing those with the same keys. Throws LimitExceeded.Tag. */
export async function setTags(db: Database, tagged: Tagged, tags: readonly Tag[]): Promise<void> {
  for (const { Key: key, Value: value = '' } of tags) {
    await db
      .insertInto('ram_tag')
      .values({ resource_kind: tagged.kind, resource_id: tagged.id, key, value })
      .onConflict((conflict) => conflict.columns(['resource_kind', 'resource_id', 'key']).doUpdateSet({ value }))
      .execute();
  }
  if ((await listTags(db, tagged)).length > TAGS_EACH) throw limitExceeded('LimitExceeded.Tag', tagged.name);
}

/** Removes the tags with these keys, or all tags. */
export async function removeTags(
  db: Database,
  { kind, id }: Pick<Tagged, 'kind' | 'id'>,
  keys?: readonly string[],
): Promise<void> {
  let query = db.deleteFrom('ram_tag').where('resource_kind', '=', kind).where('resource_id', '=', id);
  if (keys) query = query.where('key', 'in', keys);
  await query.execute();
}

/** The tags of a resource, sorted by key. */
export async function listTags(
  db: Database,
  { kind, id }: Pick<Tagged, 'kind' | 'id'>,
): Promise<{ key: string; value: string }[]> {
  return db
    .selectFrom('ram_tag')
    .select(['key', 'value'])
    .where('resource_kind', '=', kind)
    .where('resource_id', '=', id)
    .orderBy('key')
    .execute();
}

/** The resources of a kind that have tags, sorted by name. */
export async function listTagged(db: Database, kind: Tagged['kind']): Promise<Tagged[]> {
  const ids = db.selectFrom('ram_tag').select('resource_id').where('resource_kind', '=', kind);
  const list = {
    user: () => db.selectFrom('ram_user').select(['user_id as id', 'name']).where('user_id', 'in', ids).execute(),
    role: () => db.selectFrom('ram_role').select(['role_id as id', 'name']).where('role_id', 'in', ids).execute(),
    policy: () => db.selectFrom('ram_policy').select(['name as id', 'name']).where('name', 'in', ids).execute(),
  };
  const rows = (await list[kind]()).sort((a, b) => (a.name < b.name ? -1 : 1));
  return rows.map(({ id, name }) => ({ kind, id, name }));
}

/** The tags of all resources of a kind, for lists that show them. */
export async function tagsByResource(db: Database, kind: Tagged['kind']): Promise<TagsOf> {
  const rows = await db.selectFrom('ram_tag').selectAll().where('resource_kind', '=', kind).orderBy('key').execute();
  const found = Map.groupBy(rows, (row) => row.resource_id);
  return (id) => found.get(id) ?? [];
}

/** Looks up the tags of a resource by its id; empty if it has none. */
export type TagsOf = (id: string) => readonly { readonly key: string; readonly value: string }[];

/** Whether all wanted tags are present. A wanted tag without a value matches any value. */
export function hasTags(
  tags: ReturnType<TagsOf>,
  wanted: readonly { Key?: string | undefined; Value?: string | undefined }[] = [],
): boolean {
  return wanted.every(({ Key, Value }) =>
    tags.some(({ key, value }) => key === Key && (Value === undefined || value === Value)),
  );
}

/** Tags, as in lists of roles and policies. */
export function tagsReply(tags: ReturnType<TagsOf>) {
  return { Tag: tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })) };
}
