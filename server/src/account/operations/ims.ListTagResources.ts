import { operation } from '#rpc/operation.ts';
import { taggedUsers, tagPage } from '../tagged.ts';

export default operation('ims.ListTagResources', {
  async run({ db, accountId }, { ResourceId, ResourcePrincipalName, Tag: filter, ...page }) {
    const isNamed = ResourceId !== undefined || ResourcePrincipalName !== undefined;
    const named = isNamed ? await taggedUsers({ db, accountId }, ResourceId, ResourcePrincipalName) : undefined;
    const { tags, next } = await tagPage(db, { named, kind: 'user', filter }, page);
    const TagResource = tags.map(({ id, key, value }) => ({
      ResourceId: id,
      ResourceType: 'user',
      TagKey: key,
      TagValue: value,
    }));
    return { IsTruncated: next !== undefined, NextToken: next, TagResources: { TagResource } };
  },
});
