import { getInstance } from '#instance/instance-store.ts';
import { isTag } from '#repository/repository.ts';
import { repositoryResource } from '#repository/repository-resource.ts';
import { getRepository } from '#repository/repository-store.ts';
import { invalidParameter } from '#rpc/api-error.ts';
import { parameterNotImplemented } from '#rpc/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { isRefName } from '#source/source.ts';
import { buildArgsMistake, dockerfilePath } from '../build.ts';
import { DEFAULT_PLATFORM } from '../build-rule.ts';
import { insertBuildRule } from '../build-rule-store.ts';

export default operation('CreateRepoBuildRule', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    const {
      DockerfileLocation = '/',
      DockerfileName = 'Dockerfile',
      BuildArgs = [],
      Platforms = [DEFAULT_PLATFORM],
    } = params;
    if (!isRefName(params.PushName)) {
      if (isPattern(params.PushName)) throw parameterNotImplemented('PushName as a pattern');
      throw invalidParameter('PushName', `${JSON.stringify(params.PushName)} is not the name of a branch or tag`);
    }
    if (!isTag(params.ImageTag)) throw invalidParameter('ImageTag', `${JSON.stringify(params.ImageTag)} is not a tag`);
    if (dockerfilePath(DockerfileLocation, DockerfileName) === undefined)
      throw invalidParameter(
        'DockerfileLocation',
        `${JSON.stringify(DockerfileLocation)} with ${JSON.stringify(DockerfileName)} is not a path inside the source`,
      );
    const mistake = buildArgsMistake(BuildArgs);
    if (mistake) throw invalidParameter('BuildArgs', mistake);
    if (Platforms.length !== 1) throw parameterNotImplemented('Platforms with more than one platform');
    const nowMs = context.now();
    const buildRuleId = context.newId('crbr');
    await insertBuildRule(context.db, {
      buildRuleId,
      instanceId: params.InstanceId,
      repoId: params.RepoId,
      pushType: params.PushType,
      pushName: params.PushName,
      imageTag: params.ImageTag,
      dockerfileLocation: DockerfileLocation,
      dockerfileName: DockerfileName,
      buildArgs: BuildArgs,
      platforms: Platforms,
      createdMs: nowMs,
      modifiedMs: nowMs,
    });
    return { BuildRuleId: buildRuleId };
  },
});

function isPattern(name: string): boolean {
  return /[\\^$*+?()[\]{}|]/.test(name);
}
