import { getInstance } from '#instance/instance-store.ts';
import { parameterNotImplemented } from '#rpc/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { getGivenRepository, givenRepositoryResource } from '../given-repository.ts';
import { checkSummary } from '../repository.ts';
import { updateRepository } from '../repository-store.ts';

/** Changes a repository's type and description. Without `Detail`, the current one stays. */
export default operation('UpdateRepository', {
  resource: (context, params) => givenRepositoryResource(context.db, params),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const repository = await getGivenRepository(context.db, params);
    checkSummary(params.Summary);
    if (params.TagImmutability) throw parameterNotImplemented('TagImmutability');
    await updateRepository(context.db, {
      ...repository,
      type: params.RepoType,
      summary: params.Summary,
      detail: params.Detail ?? repository.detail,
      modifiedMs: context.now(),
    });
    return {};
  },
});
