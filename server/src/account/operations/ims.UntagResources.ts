import { operation } from '#rpc/operation.ts';
import { taggedUsers, untagAll } from '../tagged.ts';

export default operation('ims.UntagResources', {
  async run({ db, accountId }, { ResourceId, ResourcePrincipalName, TagKey: keys = [], All: all = false }) {
    const find = (trx: typeof db) => taggedUsers({ db: trx, accountId }, ResourceId, ResourcePrincipalName);
    await untagAll(db, find, { keys, all, parameter: 'TagKey' });
    return {};
  },
});
