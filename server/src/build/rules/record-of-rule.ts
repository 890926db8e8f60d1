import type { CodeHostSource, SourceBinding } from '#source/source.ts';
import { dockerfilePath } from '../build.ts';
import type { NewBuildRecord } from '../build-store.ts';
import type { BuildRule } from './build-rule.ts';

/** What of a new record follows from its rule, from the source to which the repository is bound, and from what is built of it. */
export function recordOfRule(
  rule: BuildRule,
  binding: SourceBinding,
  built: Pick<CodeHostSource, 'ref' | 'commitId' | 'pullRequest'>,
): Pick<NewBuildRecord, 'source' | 'dockerfile' | 'buildArgs' | 'options' | 'useCache' | 'buildRuleId'> {
  return {
    source: {
      kind: 'code-host',
      type: binding.codeRepoType,
      namespaceName: binding.codeRepoNamespaceName,
      name: binding.codeRepoName,
      ...built,
    },
    dockerfile: dockerfilePath(rule.dockerfileLocation, rule.dockerfileName) ?? 'Dockerfile',
    buildArgs: rule.buildArgs,
    options: { platforms: [...rule.platforms] },
    useCache: !binding.disableCacheBuild,
    buildRuleId: rule.buildRuleId,
  };
}
