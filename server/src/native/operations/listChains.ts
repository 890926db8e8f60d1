import { getCurrentVersion, listChains } from '#chain/chain-store.ts';
import { nativeOperation } from '../native-operation.ts';

const LIST_DEFAULT = 50;

/** `GET /chains`: the vendor lists ids in place of the repositories, and not what a chain does. */
export default nativeOperation('listChains', async ({ db, instanceId }, { limit = LIST_DEFAULT, cursor = '0' }) => {
  const offset = Number(cursor);
  const { chains, total } = await listChains(db, { instanceId }, { limit, offset });
  const versions = await Promise.all(chains.map(({ chainId }) => getCurrentVersion(db, chainId)));
  return {
    Chains: chains.map((chain, index) => ({
      ChainId: chain.chainId,
      Name: chain.name,
      Description: chain.description,
      Namespace: chain.namespaceName,
      RepoName: chain.repoName,
      ScopeExclude: [...chain.scopeExclude],
      Version: versions[index]?.version ?? 1,
      ChainConfig: JSON.stringify(versions[index]?.config),
      ModifiedTime: chain.modifiedMs,
    })),
    Cursor: offset + chains.length < total ? String(offset + chains.length) : undefined,
  };
});
