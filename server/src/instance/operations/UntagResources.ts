import { operation } from '#rpc/operation.ts';
import { checkTagged, givenKeys } from '../instance-tag.ts';
import { removeInstanceTags } from '../instance-tag-store.ts';
import { taggedInstances } from '../tagged-instances.ts';

export default operation('UntagResources', {
  async run({ db, regionId }, params) {
    checkTagged(params, regionId);
    const keys = givenKeys(params);
    await removeInstanceTags(db, await taggedInstances(db, params.ResourceId), keys);
    return {};
  },
});
