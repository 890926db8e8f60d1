import { getInstance } from '#instance/instance-store.ts';
import { isTag } from '#repository/repository.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { copyTag } from '../change-tag.ts';

/** Sets a tag, new or existing, to the image of another tag of its repository. */
export default operation('CreateRepoTag', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const { InstanceId, NamespaceName, RepoName, FromTag, ToTag } = params;
    if (!isTag(ToTag))
      throw invalidParameter(
        'ToTag',
        'a tag has at most 128 letters, digits, _, . and -, and begins with neither . nor -.',
      );
    const repository = await getRepositoryByName(context.db, InstanceId, NamespaceName, RepoName);
    const actor = { by: context.principal.arn, nowMs: context.now() };
    await copyTag(context.db, repository, { from: FromTag, to: ToTag }, actor);
    return {};
  },
});
