import type { BaseImage } from '#build/build.ts';
import { HOST_PLATFORM } from '#platform/platform.ts';
import type { PlannedStage } from '../dockerfile/dockerfile-plan.ts';
import type { ReadyBase } from './base-images.ts';

/** A base image as stored in the record. */
export function shownBase({ name, digest, platform }: ReadyBase, platforms: readonly string[]): BaseImage {
  return isPlain(platform, platforms) ? { name, digest } : { name, digest, platform };
}

/** The stages of a Dockerfile as steps report them. */
export function shownStages(stages: readonly PlannedStage[], platforms: readonly string[]): PlannedStage[] {
  return stages.map((stage) => (isPlain(stage.platform, platforms) ? { ...stage, platform: undefined } : stage));
}

/** The platforms that steps run on, including steps that an image adds to the Dockerfile. */
export function stepPlatformsOf(planned: readonly string[], images: readonly ReadyBase[]): string[] {
  const added = images.filter(({ onBuild }) => onBuild.length > 0).map(({ platform }) => platform);
  return [...new Set([...planned, ...added])];
}

/** A build only for the server's own platform does not mention platforms. */
function isPlain(platform: string | undefined, platforms: readonly string[]): boolean {
  return platform === HOST_PLATFORM && platforms.length === 1 && platforms[0] === HOST_PLATFORM;
}
