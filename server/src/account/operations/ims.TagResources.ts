import { operation } from '#rpc/operation.ts';
import { tagAll, taggedUsers } from '../tagged.ts';

export default operation('ims.TagResources', {
  async run({ db, accountId }, { ResourceId, ResourcePrincipalName, Tag }) {
    await tagAll(db, (trx) => taggedUsers({ db: trx, accountId }, ResourceId, ResourcePrincipalName), Tag);
    return {};
  },
});
