import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HOST_PLATFORM, runnablePlatforms } from '#platform/platform.ts';
import type { BaseSource } from '#registry/foreign/base-source.ts';
import { fetchForeignImage } from '#registry/foreign/foreign-image.ts';
import { formatImageReference, ImageReferenceError, parseImageReference } from '#registry/foreign/image-reference.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { copyFromRegistry } from '#registry/images/skopeo.ts';
import type { BaseFacts } from '#sandbox/client/sandbox.ts';
import type { NamedImage } from '../dockerfile/dockerfile-plan.ts';
import { checkOnBuild } from '../dockerfile/on-build.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { storagePatiently } from '../failure/patience.ts';
import type { BaseBuild, BaseImages, ReadyBase } from './base-images.ts';
import {
  access,
  type BaseCandidate,
  findDigest,
  listCandidates,
  notFetched,
  registryWays,
  shownOrigin,
  type WayOf,
} from './find-base.ts';
import { foreignImage } from './foreign-bases.ts';

/**
 * Fetches every image that a Dockerfile names, outside the sandbox and by digest, and logs it; `ready` are those that
 * were fetched for this build before.
 */
export async function readyBases(
  means: BaseImages,
  build: BaseBuild,
  ready: readonly ReadyBase[] = [],
): Promise<ReadyBase[]> {
  const bases: ReadyBase[] = [];
  const wayOf = registryWays(means, build);
  // A build's base images are kept until it ends, even past the limit for kept ones.
  const sizes = new Map<string, number>();
  for (const named of build.images) {
    try {
      const base = ready.find((each) => isSameName(each, named)) ?? (await readyBase(means, named, build, wayOf));
      bases.push(base);
      sizes.set(`${base.scope} ${base.digest}`, base.sizeBytes);
      const totalBytes = [...sizes.values()].reduce((sum, each) => sum + each, 0);
      if (totalBytes > build.maxBytes) throw build.place.tooLarge('the base images of the build', 'are');
    } catch (error) {
      if (error instanceof BuildFailed && error.fault !== 'machine') error.dockerfile = named.dockerfile;
      throw error;
    }
  }
  return bases;
}

function isSameName(one: ReadyBase, { image, platform, isBase }: NamedImage): boolean {
  return one.image === image && one.platform === platform && one.isBase === isBase;
}

async function readyBase(means: BaseImages, named: NamedImage, build: BaseBuild, wayOf: WayOf): Promise<ReadyBase> {
  const { image, platform } = named;
  const reference = parseName(image);
  const name = formatImageReference(reference);
  const candidates = await listCandidates(means, reference, build, wayOf);
  const { digest, isListed, candidate, kept } = await findDigest(means, candidates, { name, platform }, build);
  const base = { image, platform, name, scope: candidate.scope, digest };
  const { ownRepository } = candidate.source;
  const shown = platform === HOST_PLATFORM ? digest : `${digest} for ${platform}`;
  if (kept === undefined) await build.say(`base image ${name} is ${shown} (${shownOrigin(candidate, reference)})`);
  const loaded = kept ?? (await means.sandbox.findBase(base.scope, digest, build.record.buildRecordId));
  const facts = loaded ?? (await load(means, candidate, base, build));
  if (named.isBase && !isListed) checkPlatform(base, facts);
  // An image that is only copied or mounted from adds no instructions.
  const onBuild = named.isBase ? facts.onBuild : [];
  checkOnBuild({ name, repository: ownRepository, onBuild }, build.repository);
  return { ...base, isBase: named.isBase, onBuild, ownRepository, sizeBytes: facts.sizeBytes };
}

/** Checks the platform of a single image; an index was already asked for the platform. */
function checkPlatform({ name, platform }: Pick<ReadyBase, 'name' | 'platform'>, facts: BaseFacts): void {
  if (facts.platform === undefined || runnablePlatforms(platform).includes(facts.platform)) return;
  const fix = `to use it anyway, write FROM --platform=${facts.platform}`;
  throw new BuildFailed(
    'base-platform',
    `base image ${name} is not published for platform ${platform}, only for ${facts.platform} (${fix})`,
  );
}

type LoadedBase = Pick<ReadyBase, 'name' | 'scope' | 'digest'>;

async function load(
  means: BaseImages,
  candidate: BaseCandidate,
  base: LoadedBase,
  build: BaseBuild,
): Promise<BaseFacts> {
  try {
    return await loadDigest(means, candidate, { ...base, shown: `the base image ${base.name}` }, build);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw notFetched(base.name, candidate.source, error);
  }
}

/**
 * Fetches an image, or a cache, and passes it to the sandbox. Throws RegistryError, PullRefused, and BuildFailed (which
 * calls it `shown`) if it is larger than the build's disk.
 */
export async function loadDigest(
  means: BaseImages,
  { source, way }: Pick<BaseCandidate, 'source' | 'way'>,
  { shown, scope, digest }: { shown: string; scope: string; digest: string },
  build: BaseBuild,
): Promise<BaseFacts> {
  const { record, signal, maxBytes } = build;
  await build.place.openBases();
  const folder = join(build.place.folder.bases, digest.replace('sha256:', ''));
  await mkdir(folder, { recursive: true });
  try {
    if (way === undefined) await copyOwn(means, { source, shown, digest, folder }, build);
    else await fetchForeignImage({ ...foreignImage(means.foreign, source, way, signal), digest, folder, maxBytes });
  } catch (error) {
    signal.throwIfAborted();
    await rm(folder, { recursive: true, force: true });
    throw isNoSpace(error) ? build.place.tooLarge(shown) : error;
  }
  return means.sandbox.loadBase({ buildId: record.buildRecordId, scope, digest }, { signal });
}

/** Fetches an image of our own registry into a folder. Throws RegistryError, PullRefused. */
function copyOwn(
  means: BaseImages,
  { source, shown, digest, folder }: { source: BaseSource; shown: string; digest: string; folder: string },
  build: BaseBuild,
): Promise<unknown> {
  return storagePatiently(build, `fetching ${shown}`, async () =>
    copyFromRegistry({ ...(await access(means, source, build)), digest, folder, signal: build.signal }),
  );
}

/** The system's error, in this process or in skopeo's output. */
function isNoSpace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ENOSPC') || /no space left/i.test(error.message) || isNoSpace(error.cause);
}

function parseName(image: string) {
  try {
    const reference = parseImageReference(image);
    // The builder does not accept one as a name, whatever is fetched for it.
    if (!reference.host.startsWith('[')) return reference;
    const own = `127.0.0.1${/]:\d+$/.exec(reference.host)?.[0].slice(1) ?? ''}`;
    throw new ImageReferenceError(
      `"${image}": an image name cannot have an IPv6 address as its registry; write a host name (for this server: ${own})`,
    );
  } catch (error) {
    if (!(error instanceof ImageReferenceError)) throw error;
    throw new BuildFailed('base-name', error.message, { cause: error });
  }
}
