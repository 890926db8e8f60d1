import type { Database } from '#db/database.ts';
import { readResourceGroups } from './instance-store.ts';
import { listInstanceTags } from './instance-tag-store.ts';

/** The fields of replies that say how the owner sorted an instance: its tags and its resource group. */
export async function readLabels(
  db: Database,
  instanceIds: readonly string[],
): Promise<
  (instanceId: string) => { ResourceGroupId: string | undefined; Tags: { TagKey: string; TagValue: string }[] }
> {
  const groups = await readResourceGroups(db, instanceIds);
  const tags = Map.groupBy(await listInstanceTags(db, instanceIds), (tag) => tag.instanceId);
  return (instanceId) => ({
    ResourceGroupId: groups.get(instanceId),
    Tags: (tags.get(instanceId) ?? []).map(({ key, value }) => ({ TagKey: key, TagValue: value })),
  });
}
