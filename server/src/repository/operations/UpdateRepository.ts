import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { getGivenRepository, givenRepositoryResource } from '../given-repository.ts';
import { checkSummary } from '../repository.ts';
import { updateRepository } from '../repository-store.ts';

/** Changes a repository. Without `Detail` and `TagImmutability`, the current ones stay. */
export default operation('UpdateRepository', {
  resource: (context, params) => givenRepositoryResource(context.db, params),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const repository = await getGivenRepository(context.db, params);
    checkSummary(params.Summary);
    await updateRepository(context.db, {
      ...repository,
      type: params.RepoType,
      summary: params.Summary,
      detail: params.Detail ?? repository.detail,
      tagImmutability: params.TagImmutability ?? repository.tagImmutability,
      modifiedMs: context.now(),
    });
    return {};
  },
});
