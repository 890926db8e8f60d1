import type { Database } from '#db/database.ts';
import { readResourceGroup } from './instance-store.ts';
import { readInstanceTags } from './instance-tag-store.ts';
import { knownLabels, type Labels } from './known-labels.ts';

/** The fields of a reply with an instance's tags, by key, and its resource group. */
export function readLabels(db: Database, instanceId: string): Promise<Labels> {
  return knownLabels(db, instanceId, async () => {
    const tags = await readInstanceTags(db, instanceId);
    return {
      ResourceGroupId: await readResourceGroup(db, instanceId),
      Tags: tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
    };
  });
}
