import { authorOf } from '#account/rule-author.ts';
import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { getNamespace } from '#namespace/namespace-store.ts';
import { coveredResources } from '#repository/repository-resource-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { missingParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { type Chain, DEFAULT_CONFIG } from '../chain.ts';
import { rightsOfChain } from '../chain-denied.ts';
import { insertChain } from '../chain-store.ts';
import { checkGivenChain } from '../given-chain.ts';
import { readChainConfig } from '../given-config.ts';

/**
 * Creates the chain of a repository, or of a namespace for its repositories that have no chain of their own. It applies to
 * tags that are set from then on.
 */
export default operation('CreateChain', {
  async unlessDenied({ db }, { InstanceId, RepoNamespaceName, RepoName }) {
    const scope = { namespaceName: RepoNamespaceName, name: RepoName };
    return rightsOfChain(await coveredResources(db, InstanceId, scope));
  },

  async run(context, params) {
    const { db, now, newId } = context;
    const { InstanceId: instanceId, RepoNamespaceName: namespaceName, RepoName: repoName } = params;
    await getInstance(db, instanceId);
    if (namespaceName === undefined) throw missingParameter('RepoNamespaceName');
    checkGivenChain(params);
    const config = params.ChainConfig === undefined ? DEFAULT_CONFIG : readChainConfig(params.ChainConfig);
    const [chainId, configId, nowMs] = [newId('chi'), newId('cci'), now()];
    const author = authorOf(context, 'cr:CreateChain', `repository/${instanceId}`);
    await transaction(db, async (trx) => {
      const { namespaceId } = await getNamespace(trx, instanceId, namespaceName);
      const repository =
        repoName === undefined ? undefined : await getRepositoryByName(trx, instanceId, namespaceName, repoName);
      const scopeType: Chain['scopeType'] = repository === undefined ? 'NAMESPACE' : 'REPOSITORY';
      const chain = {
        chainId,
        instanceId,
        name: params.Name,
        description: params.Description,
        namespaceName,
        repoName,
        scopeType,
        scopeId: repository?.repoId ?? namespaceId,
        scopeExclude: params.ScopeExclude ?? [],
        createdMs: nowMs,
        modifiedMs: nowMs,
      };
      await insertChain(trx, chain, { configId, config, author });
    });
    return { ChainId: chainId };
  },
});
