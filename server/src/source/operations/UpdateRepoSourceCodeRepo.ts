import { requesterOf } from '#account/requester.ts';
import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { parseCodeRepoType } from '../hosts/code-host.ts';
import { checkBindingInput } from '../source-input.ts';
import { findSourceBinding, getSourceBinding, updateSourceBinding } from '../source-store.ts';

/**
 * Binds a repository to another source, and changes the given switches. The server's login at the code host belongs to the whole
 * instance, so the right to change this repository is not enough to choose which code the login opens.
 */
export default operation('UpdateRepoSourceCodeRepo', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async alsoNeeds(context, params) {
    const binding = await findSourceBinding(context.db, params.RepoId);
    const isSame =
      binding?.codeRepoType === params.CodeRepoType &&
      binding.codeRepoNamespaceName === params.CodeRepoNamespaceName &&
      binding.codeRepoName === params.CodeRepoName;
    return isSame ? undefined : { action: 'cr:CreateSourceRepository', resource: '*' };
  },

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    checkBindingInput(params);
    const codeRepoType = parseCodeRepoType(params.CodeRepoType);
    const binding = await getSourceBinding(context.db, params.RepoId);
    await updateSourceBinding(context.db, {
      ...binding,
      codeRepoType,
      codeRepoNamespaceName: params.CodeRepoNamespaceName,
      codeRepoName: params.CodeRepoName,
      autoBuild: switchOf(params.AutoBuild, binding.autoBuild),
      overseaBuild: switchOf(params.OverseaBuild, binding.overseaBuild),
      disableCacheBuild: switchOf(params.DisableCacheBuild, binding.disableCacheBuild),
      modifiedMs: context.now(),
      requester: requesterOf(context.principal),
    });
    return {};
  },
});

function switchOf(given: 'true' | 'false' | undefined, before: boolean): boolean {
  return given === undefined ? before : given === 'true';
}
