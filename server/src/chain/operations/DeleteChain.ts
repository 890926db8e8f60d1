import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { removeChain } from '../chain-store.ts';

/** Deletes a chain. Walks in progress continue to their end; tags that are set from then on do not go through it. */
export default operation('DeleteChain', {
  async run({ db }, { InstanceId, ChainId }) {
    await getInstance(db, InstanceId);
    await transaction(db, (trx) => removeChain(trx, InstanceId, ChainId));
    return {};
  },
});
