import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { removeChain } from '../chain-store.ts';

/** Deletes a chain. Images that walk through it end their walk; for tags that are set from then on it is not there. */
export default operation('DeleteChain', {
  async run({ db }, { InstanceId, ChainId }) {
    await getInstance(db, InstanceId);
    await db.transaction().execute((trx) => removeChain(trx, InstanceId, ChainId));
    return {};
  },
});
