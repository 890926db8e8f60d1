import { operation } from '#rpc/operation.ts';
import { namedTagged, tagPage } from '../tagged.ts';

export default operation('ram.ListTagResources', {
  async run({ db }, { ResourceType: kind, ResourceNames, Tag: filter, ...page }) {
    const named = ResourceNames && (await namedTagged(db, kind, ResourceNames));
    const { tags, next } = await tagPage(db, { named, kind, filter }, page);
    const TagResources = tags.map(({ id, name, key, value }) => ({
      ResourceId: id,
      ResourceName: name,
      ResourceType: kind,
      TagKey: key,
      TagValue: value,
    }));
    return { NextToken: next, TagResources };
  },
});
