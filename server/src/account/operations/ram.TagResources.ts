import { operation } from '#rpc/operation.ts';
import { namedTagged, tagAll } from '../tagged.ts';

export default operation('ram.TagResources', {
  async run({ db }, { ResourceType, ResourceNames, Tag }) {
    await tagAll(db, (trx) => namedTagged(trx, ResourceType, ResourceNames), Tag);
    return {};
  },
});
