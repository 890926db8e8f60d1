import { operation } from '#rpc/operation.ts';
import { namedTagged, untagAll } from '../tagged.ts';

export default operation('ram.UntagResources', {
  async run({ db }, { ResourceType, ResourceNames, TagKeys: keys = [], All: all = false }) {
    await untagAll(db, (trx) => namedTagged(trx, ResourceType, ResourceNames), { keys, all, parameter: 'TagKeys' });
    return {};
  },
});
