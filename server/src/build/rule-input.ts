import { invalidParameter } from '#rpc/api-error.ts';
import { parameterNotImplemented } from '#rpc/not-implemented.ts';
import { buildArgsMistake, dockerfilePath } from './build.ts';
import type { BuildRule } from './build-rule.ts';
import { pushPatternMistake } from './push-pattern.ts';

/** What a caller decides of a rule. */
export type RuleInput = Pick<
  BuildRule,
  'pushType' | 'pushName' | 'imageTag' | 'dockerfileLocation' | 'dockerfileName' | 'buildArgs' | 'platforms'
>;

/** Throws `InvalidParameter`, naming the first one that is wrong, or `NotImplemented` for several platforms. */
export function checkRuleInput(rule: RuleInput): void {
  const mistake = pushPatternMistake(rule);
  if (mistake) throw invalidParameter(mistake.parameter, mistake.reason);
  if (dockerfilePath(rule.dockerfileLocation, rule.dockerfileName) === undefined)
    throw invalidParameter(
      'DockerfileLocation',
      `${JSON.stringify(rule.dockerfileLocation)} with ${JSON.stringify(rule.dockerfileName)} is not a path inside the source`,
    );
  const wrong = buildArgsMistake(rule.buildArgs);
  if (wrong) throw invalidParameter('BuildArgs', wrong);
  if (rule.platforms.length !== 1) throw parameterNotImplemented('Platforms with more than one platform');
}
