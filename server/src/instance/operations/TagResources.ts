import { operation } from '#rpc/operation.ts';
import { checkTagged, givenTags } from '../instance-tag.ts';
import { setInstanceTags } from '../instance-tag-store.ts';
import { taggedInstances } from '../tagged-instances.ts';

export default operation('TagResources', {
  async run({ db, regionId }, params) {
    checkTagged(params, regionId);
    const tags = givenTags(params.Tag);
    await setInstanceTags(db, await taggedInstances(db, params.ResourceId), tags);
    return {};
  },
});
