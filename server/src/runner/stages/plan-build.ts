import { HOST_PLATFORM } from '#platform/platform.ts';
import type { BaseBuild, BaseImages, ReadyBase } from '../bases/base-images.ts';
import { readyBases } from '../bases/ready-bases.ts';
import type { AddedInstructions } from '../dockerfile/added-instructions.ts';
import { planDockerfile } from '../dockerfile/dockerfile.ts';
import { askedFrontend } from '../dockerfile/dockerfile-frontend.ts';
import type { DockerfilePlan, NamedImage, SourceDockerfile } from '../dockerfile/dockerfile-plan.ts';
import { namedImages } from './fetch-contexts.ts';

/** The plan of a build, with all the images that it names: those of the Dockerfile, the contexts, and the frontend. */
export interface PlannedBuild {
  plan: DockerfilePlan;
  /** The contexts among the images. */
  named: ReturnType<typeof namedImages>;
  build: BaseBuild;
  images: ReadyBase[];
  /** The last of the images reads the Dockerfile, in place of the builder's own frontend. */
  hasFrontend: boolean;
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
  const frontend = await findFrontend(bases, dockerfile, planned, names);
  let [images, added]: [ReadyBase[], AddedInstructions[]] = [[], []];
  for (;;) {
    const plan = await planDockerfile(dockerfile, record.buildArgs, platforms, { target, contexts: names, added });
    const named = namedImages(contexts, plan);
    const build = { ...planned, images: [...plan.images, ...named, ...frontend] };
    const before = images;
    images = await place.limited('fetching the base images', () => readyBases(bases, build, before));
    if (!images.some((image) => image.onBuild.length > 0 && !before.includes(image)))
      return { plan, named, build, images, hasFrontend: frontend.length > 0 };
    added = images.map(({ image, platform, onBuild }, at) => {
      return { image: named[at - plan.images.length]?.context ?? image, platform, onBuild };
    });
  }
}

/** The image that reads the Dockerfile, if it asks for one that the operator allows. */
async function findFrontend(
  { frontends }: BaseImages,
  dockerfile: SourceDockerfile,
  { say }: Pick<BaseBuild, 'say'>,
  contexts: readonly string[],
): Promise<NamedImage[]> {
  const asked = askedFrontend(dockerfile, frontends, contexts);
  if (asked === undefined) return [];
  if ('ignored' in asked) {
    await say(`# syntax=${asked.ignored} is ignored: the setting dockerfile-frontends does not allow it`);
    return [];
  }
  await say(`the frontend ${asked.frontend.image} reads the Dockerfile (# syntax=)`);
  return [asked.frontend];
}
