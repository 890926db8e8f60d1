import { readPlatforms } from '#platform/platform.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { buildArgsMistake, dockerfilePath } from '../build.ts';
import type { BuildRule } from './build-rule.ts';
import { pushPatternMistake } from './push-pattern.ts';

/** The fields of a rule that a caller sets. */
type RuleInput = Pick<
  BuildRule,
  'pushType' | 'pushName' | 'imageTag' | 'dockerfileLocation' | 'dockerfileName' | 'buildArgs' | 'platforms'
>;

/** Checks a rule's fields and drops duplicate platforms. Throws `InvalidParameter` that names the first invalid field. */
export function checkedRuleInput(rule: RuleInput): RuleInput {
  const mistake = pushPatternMistake(rule);
  if (mistake) throw invalidParameter(mistake.parameter, mistake.reason);
  if (dockerfilePath(rule.dockerfileLocation, rule.dockerfileName) === undefined)
    throw invalidParameter(
      'DockerfileLocation',
      `${JSON.stringify(rule.dockerfileLocation)} with ${JSON.stringify(rule.dockerfileName)} is not a path inside the source`,
    );
  const wrong = buildArgsMistake(rule.buildArgs);
  if (wrong) throw invalidParameter('BuildArgs', wrong);
  const read = readPlatforms(rule.platforms);
  if ('mistake' in read) throw invalidParameter('Platforms', read.mistake);
  return { ...rule, platforms: read.platforms };
}
