import { HOST_PLATFORM, PLATFORMS, platformParts } from '#platform/platform.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import type { BaseName, DockerfilePlan, NamedSource } from './dockerfile-plan.ts';

/**
 * The arguments that the builder predefines
 * (https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope).
 */
export function platformArguments(target: string): [string, string][] {
  const sides = { TARGET: target, BUILD: HOST_PLATFORM };
  return Object.entries(sides).flatMap(([side, platform]): [string, string][] => {
    const { os, architecture, variant = '' } = platformParts(platform);
    return [
      [`${side}PLATFORM`, platform],
      [`${side}OS`, os],
      [`${side}ARCH`, architecture],
      [`${side}VARIANT`, variant],
    ];
  });
}

/** Why a FROM's `--platform`, with arguments expanded, is not a platform. */
export function unknownPlatform(written: string): string {
  return `FROM --platform=${written.slice(0, 100)} cannot be built: it must be one of the platforms ${PLATFORMS.join(', ')}`;
}

/** Merges what a Dockerfile needs for each platform; there is at least one. */
export function mergePlans(plans: readonly DockerfilePlan[]): DockerfilePlan {
  const [first, ...others] = plans;
  if (first === undefined) throw new Error('a build has at least one platform');
  const shadowed = new Map(plans.flatMap((plan) => plan.shadowed).map((each) => [placeKey(each), each]));
  const twofold = plans
    .flatMap((plan) => plan.shadowed)
    .find((each) => shadowed.get(placeKey(each))?.image !== each.image);
  if (twofold)
    throw new BuildFailed(
      'dockerfile-syntax',
      `a FROM names a different image for each platform, and ${twofold.image} is also the name of a stage: rename the stage`,
    );
  return {
    images: eachOnce(plans.flatMap((plan) => plan.images)),
    contexts: eachOnce(plans.flatMap((plan) => plan.contexts)),
    sources: firstOfEachPath(plans.flatMap((plan) => plan.sources)),
    secretIds: [...new Set(plans.flatMap((plan) => plan.secretIds))],
    stages: first.stages.map((stage, at) => {
      const isSame = others.every((plan) => plan.stages[at]?.platform === stage.platform);
      return { ...stage, platform: isSame ? stage.platform : undefined };
    }),
    stepPlatforms: [...new Set(plans.flatMap((plan) => plan.stepPlatforms))],
    shadowed: [...shadowed.values()],
    // This does not depend on the platform.
    edits: first.edits,
  };
}

function firstOfEachPath(sources: readonly NamedSource[]): NamedSource[] {
  const found = new Map(sources.toReversed().map((each) => [each.path, each]));
  return [...found.values()].toReversed();
}

function placeKey({ places }: BaseName): string {
  return JSON.stringify(places);
}

/** Images by name and platform, each as first named; an image that is a base anywhere is a base. */
export function eachOnce<T extends { image: string; platform: string; isBase: boolean }>(images: readonly T[]): T[] {
  const found = new Map<string, T>();
  for (const image of images) {
    const key = `${image.platform} ${image.image}`;
    const first = found.get(key) ?? image;
    found.set(key, { ...first, isBase: first.isBase || image.isBase });
  }
  return [...found.values()];
}
