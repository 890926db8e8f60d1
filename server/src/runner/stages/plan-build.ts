import { HOST_PLATFORM } from '#platform/platform.ts';
import type { BaseBuild, BaseImages, ReadyBase } from '../bases/base-images.ts';
import { readyBases } from '../bases/ready-bases.ts';
import type { AddedInstructions } from '../dockerfile/added-instructions.ts';
import { planDockerfile } from '../dockerfile/dockerfile.ts';
import type { DockerfilePlan, SourceDockerfile } from '../dockerfile/dockerfile-plan.ts';
import { namedImages } from './fetch-contexts.ts';

/** The plan of a build, with all the images that it names. */
export interface PlannedBuild {
  plan: DockerfilePlan;
  /** The contexts among the images, which come last. */
  named: ReturnType<typeof namedImages>;
  build: BaseBuild;
  images: ReadyBase[];
}

/**
 * Reads the Dockerfile and fetches the images that it names. The ONBUILD of an image may need another stage, which may
 * need more images, so the plan is repeated until new images add nothing. Throws `BuildFailed`.
 */
export async function planBuild(
  bases: BaseImages,
  dockerfile: SourceDockerfile,
  planned: Omit<BaseBuild, 'images'>,
): Promise<PlannedBuild> {
  const { record, place } = planned;
  const { target, platforms = [HOST_PLATFORM], contexts = [] } = record.options;
  const names = contexts.map((context) => context.name);
  let [images, added]: [ReadyBase[], AddedInstructions[]] = [[], []];
  for (;;) {
    const plan = await planDockerfile(dockerfile, record.buildArgs, platforms, { target, contexts: names, added });
    const named = namedImages(contexts, plan);
    const build = { ...planned, images: [...plan.images, ...named] };
    const before = images;
    images = await place.limited('fetching the base images', () => readyBases(bases, build, before));
    if (!images.some((image) => image.onBuild.length > 0 && !before.includes(image)))
      return { plan, named, build, images };
    added = images.map(({ image, platform, onBuild }, at) => {
      return { image: named[at - plan.images.length]?.context ?? image, platform, onBuild };
    });
  }
}
