import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { deleteTag } from '../change-tag.ts';

/** Removes a tag, also in an immutable repository. Its image stays while another tag or an index needs it. */
export default operation('DeleteRepoTag', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const { repoId } = await getRepository(context.db, params.InstanceId, params.RepoId);
    await deleteTag(context.db, repoId, params.Tag, { by: context.principal.arn, nowMs: context.now() });
    return {};
  },
});
