import { missingParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { planTokenPage } from '#rpc/page.ts';
import { checkTagged, givenIds, type InstanceTag, wantedTags } from '../instance-tag.ts';
import { listInstanceTags } from '../instance-tag-store.ts';

const PAGE_SIZE = 50;

/** The tags of the named instances, or of those that have each of the given tags. */
export default operation('ListTagResources', {
  async run({ db, regionId, secrets }, params) {
    checkTagged(params, regionId);
    const { ResourceId = [], Tag = [], NextToken } = params;
    if (ResourceId.length === 0 && Tag.length === 0)
      throw missingParameter('ResourceId', 'MissingParameter.ResourceIdsOrTags');
    const ids = ResourceId.length === 0 ? undefined : givenIds(ResourceId);
    const wanted = wantedTags(Tag);
    const asked = { NextToken, MaxResults: PAGE_SIZE };
    const list = planTokenPage(secrets, 'ListTagResources', [ids, wanted], asked, 'InvalidParameter.NextToken');
    const [afterId = '', afterKey = ''] = (list.after ?? []) as string[];
    const shown = havingAll(await listInstanceTags(db, ids), wanted).filter(
      ({ instanceId, key }) => instanceId > afterId || (instanceId === afterId && key > afterKey),
    );
    const { page, NextToken: next } = list.cut(shown, ({ instanceId, key }) => [instanceId, key]);
    const TagResource = page.map(({ instanceId, key, value }) => ({
      ResourceId: instanceId,
      ResourceType: 'Instance',
      TagKey: key,
      TagValue: value,
    }));
    return { NextToken: next, TagResources: { TagResource } };
  },
});

/** The tags of the instances that have each of the given ones. */
function havingAll<Tag extends InstanceTag & { instanceId: string }>(
  tags: readonly Tag[],
  wanted: readonly { key: string; value: string | undefined }[],
): Tag[] {
  return [...Map.groupBy(tags, (tag) => tag.instanceId).values()]
    .filter((own) =>
      wanted.every((one) => own.some(({ key, value }) => key === one.key && (one.value ?? value) === value)),
    )
    .flat();
}
