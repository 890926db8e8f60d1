import { getInstance } from '#instance/instance-store.ts';
import { invalidParameter } from '#rpc/api-error.ts';
import { parameterNotImplemented } from '#rpc/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { NAMESPACE_NAME_LIMIT, nameMistake, type RepoType } from '../namespace.ts';
import { insertNamespace } from '../namespace-store.ts';

export default operation('CreateNamespace', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const mistake = nameMistake(params.NamespaceName, NAMESPACE_NAME_LIMIT);
    if (mistake) throw invalidParameter('NamespaceName', `${JSON.stringify(params.NamespaceName)}: ${mistake}`);
    const defaults = params.DefaultRepoConfiguration;
    if (defaults?.TagImmutability) throw parameterNotImplemented('DefaultRepoConfiguration.TagImmutability');
    if (defaults?.ArtifactBuildRuleParameters?.ImageIndexOnly)
      throw parameterNotImplemented('DefaultRepoConfiguration.ArtifactBuildRuleParameters');
    const nowMs = context.now();
    await insertNamespace(context.db, {
      namespaceId: context.newId('crn'),
      instanceId: params.InstanceId,
      name: params.NamespaceName,
      autoCreateRepo: params.AutoCreateRepo ?? false,
      defaultRepoType: params.DefaultRepoType ?? repoType(defaults?.RepoType),
      status: 'NORMAL',
      createdMs: nowMs,
      modifiedMs: nowMs,
    });
    return {};
  },
});

function repoType(text: string | undefined): RepoType {
  if (text === undefined || text === 'PRIVATE') return 'PRIVATE';
  if (text === 'PUBLIC') return 'PUBLIC';
  throw invalidParameter('DefaultRepoConfiguration.RepoType', `${JSON.stringify(text)} is neither PUBLIC nor PRIVATE`);
}
