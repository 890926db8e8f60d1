import { invalidParameter } from '#rpc/api-error.ts';
import { buildArgsMistake, dockerfilePath } from './build.ts';
import { type BuildRule, HOST_PLATFORM } from './build-rule.ts';
import { pushPatternMistake } from './push-pattern.ts';

/** What a caller decides of a rule. */
export type RuleInput = Pick<
  BuildRule,
  'pushType' | 'pushName' | 'imageTag' | 'dockerfileLocation' | 'dockerfileName' | 'buildArgs' | 'platforms'
>;

/** Throws `InvalidParameter`, naming the first one that is wrong. */
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
  const foreign = rule.platforms.find((platform) => platform !== HOST_PLATFORM);
  if (foreign !== undefined || rule.platforms.length !== 1)
    throw invalidParameter(
      'Platforms',
      `${JSON.stringify(foreign ?? rule.platforms)} cannot be built here: this server's machine builds for ${HOST_PLATFORM} alone, without emulation. ` +
        `Leave Platforms out or give ${HOST_PLATFORM}; build others on a machine of their kind.`,
    );
}
