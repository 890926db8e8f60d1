import { authorOf } from '#account/rule-author.ts';
import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { coveredResources } from '#repository/repository-resource-store.ts';
import { operation } from '#rpc/operation.ts';
import { rightsOfChain } from '../chain-denied.ts';
import { findChain, getChain, updateChain } from '../chain-store.ts';
import { checkGivenChain } from '../given-chain.ts';
import { readChainConfig } from '../given-config.ts';

/** Adds a new version of a chain. The description and exclusions stay unless they are given; walks in progress keep their version. */
export default operation('UpdateChain', {
  async unlessDenied({ db }, { InstanceId, ChainId }) {
    const chain = await findChain(db, InstanceId, ChainId);
    if (chain === undefined) return [];
    const scope = { namespaceName: chain.namespaceName, name: chain.repoName };
    return rightsOfChain(await coveredResources(db, InstanceId, scope));
  },

  async run(context, params) {
    const { db, now, newId } = context;
    const { InstanceId: instanceId, ChainId: chainId } = params;
    await getInstance(db, instanceId);
    const author = authorOf(context, 'cr:UpdateChain', `repository/${instanceId}`);
    await transaction(db, async (trx) => {
      const before = await getChain(trx, instanceId, chainId);
      checkGivenChain(params);
      const config = readChainConfig(params.ChainConfig);
      const chain = {
        ...before,
        name: params.Name,
        description: params.Description ?? before.description,
        scopeExclude: params.ScopeExclude ?? before.scopeExclude,
        modifiedMs: now(),
      };
      await updateChain(trx, chain, { configId: newId('cci'), config, author });
    });
    return {};
  },
});
