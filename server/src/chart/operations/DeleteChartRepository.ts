import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { removeChartRepository } from '../chart-release-store.ts';
import { getChartRepository } from '../chart-repository-store.ts';

/** Deletes a repository with all its charts and frees their space. */
export default operation('DeleteChartRepository', {
  async run({ db, removeObjects }, { InstanceId, RepoNamespaceName, RepoName }) {
    await getInstance(db, InstanceId);
    const { repoId } = await getChartRepository(db, InstanceId, RepoNamespaceName, RepoName);
    await removeObjects(await transaction(db, (trx) => removeChartRepository(trx, repoId)));
    return {};
  },
});
