import type { BaseImage } from '#build/build.ts';
import { HOST_PLATFORM } from '#platform/platform.ts';
import type { PlannedStage } from '../dockerfile/dockerfile-plan.ts';
import type { ReadyBase } from './base-images.ts';

/** A base image as the record has it. */
export function shownBase({ name, digest, platform }: ReadyBase, platforms: readonly string[]): BaseImage {
  return isPlain(platform, platforms) ? { name, digest } : { name, digest, platform };
}

/** The stages of a Dockerfile as steps tell of them. */
export function toldStages(stages: readonly PlannedStage[], platforms: readonly string[]): PlannedStage[] {
  return stages.map((stage) => (isPlain(stage.platform, platforms) ? { ...stage, platform: undefined } : stage));
}

/** The platforms that steps run on: what an image adds to the Dockerfile runs too. */
export function stepPlatformsOf(planned: readonly string[], images: readonly ReadyBase[]): string[] {
  const added = images.filter(({ onBuild }) => onBuild.length > 0).map(({ platform }) => platform);
  return [...new Set([...planned, ...added])];
}

/** A build for the server's own machine alone says nothing of platforms. */
function isPlain(platform: string | undefined, platforms: readonly string[]): boolean {
  return platform === HOST_PLATFORM && platforms.length === 1 && platforms[0] === HOST_PLATFORM;
}
