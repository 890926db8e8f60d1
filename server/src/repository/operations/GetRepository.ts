import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { readBuildTypes } from '../build-type-store.ts';
import { getShownGiven, givenRepositoryResource } from '../given-repository.ts';
import { repositoryReply } from '../repository-reply.ts';

export default operation('GetRepository', {
  resource: (context, params) => givenRepositoryResource(context.db, params),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const repository = await getShownGiven(context.db, params);
    const buildTypeOf = await readBuildTypes(context.db, [repository.repoId]);
    return { ...repositoryReply(repository, buildTypeOf(repository.repoId)), Detail: repository.detail };
  },
});
