import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildRecord } from '#build/build.ts';
import { HOST_PLATFORM, runnablePlatforms } from '#platform/platform.ts';
import type { BaseSourceSettings } from '#registry/foreign/base-source.ts';
import { fetchForeignImage } from '#registry/foreign/foreign-image.ts';
import { formatImageReference, ImageReferenceError, parseImageReference } from '#registry/foreign/image-reference.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { copyFromRegistry } from '#registry/images/skopeo.ts';
import type { BaseFacts, Sandbox } from '#sandbox/client/sandbox.ts';
import type { NamedImage } from '../dockerfile/dockerfile-plan.ts';
import { checkOnBuild } from '../dockerfile/on-build.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import type { Workplace } from '../work/workplace.ts';
import {
  access,
  findDigest,
  listPlaces,
  notFetched,
  type Place,
  spokenOrigin,
  type WayOf,
  waysOf,
} from './find-base.ts';
import { type ForeignBases, foreignImage } from './foreign-bases.ts';

/** A base image that stands ready for the sandbox. */
export interface ReadyBase {
  /** As the Dockerfile names it, arguments expanded. */
  image: string;
  platform: string;
  /** A FROM names it. */
  isBase: boolean;
  /** The instructions that it adds to the Dockerfile as a base, as the builder reads them. */
  onBuild: readonly string[];
  sizeBytes: number;
  /** Its full name, with registry and tag. */
  name: string;
  /** Names the store that holds it, together with the digest. */
  scope: string;
  digest: string;
  /** The repository of our own registry that it was pulled from, if it was. */
  ownRepository: string | undefined;
}

/** What fetching base images needs. */
export interface BaseImages {
  sandbox: Sandbox;
  sources: BaseSourceSettings;
  foreign: ForeignBases;
  /** Whether our own registry has a repository `namespace/name`. */
  hasRepository(record: BuildRecord, repository: string): Promise<boolean>;
  /**
   * The one way into our own registry: an authfile that lets skopeo pull `namespace/name` for a build, after those for whom
   * it runs were found to be allowed that; its password is told first. Throws `PullRefused`.
   */
  pullCredential(
    record: BuildRecord,
    repository: string,
    folder: WorkFolder,
    onSecret: (secret: string) => Promise<void>,
  ): Promise<string>;
}

/** What of a build its base images are fetched with. */
export interface BaseBuild {
  record: BuildRecord;
  images: readonly NamedImage[];
  /** `namespace/name` of the image that is built. */
  repository: string;
  /** What its base images may have in all, packed. */
  maxBytes: number;
  place: Workplace;
  signal: AbortSignal;
  say: (line: string) => Promise<void>;
  onSecret: (secret: string) => Promise<void>;
}

/**
 * Fetches every image that a Dockerfile names, outside the sandbox and by digest, and says so in the log; `ready` are those that were
 * fetched for this build before.
 */
export async function readyBases(
  means: BaseImages,
  build: BaseBuild,
  ready: readonly ReadyBase[] = [],
): Promise<ReadyBase[]> {
  const bases: ReadyBase[] = [];
  const wayOf = waysOf(means, build);
  // Those of a build are kept until it ends, whatever all kept ones may have.
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
  const places = await listPlaces(means, reference, build, wayOf);
  const { digest, isListed, place, kept } = await findDigest(means, places, { name, platform }, build);
  const base = { image, platform, name, scope: place.scope, digest };
  const { ownRepository } = place.source;
  const shown = platform === HOST_PLATFORM ? digest : `${digest} for ${platform}`;
  if (kept === undefined) await build.say(`base image ${name} is ${shown} (${spokenOrigin(place, reference)})`);
  const loaded = kept ?? (await means.sandbox.findBase(base.scope, digest, build.record.buildRecordId));
  const facts = loaded ?? (await load(means, place, base, build));
  if (named.isBase && !isListed) checkPlatform(base, facts);
  // What is only copied or mounted from adds no instructions.
  const onBuild = named.isBase ? facts.onBuild : [];
  checkOnBuild({ name, repository: ownRepository, onBuild }, build.repository);
  return { ...base, isBase: named.isBase, onBuild, ownRepository, sizeBytes: facts.sizeBytes };
}

/** Of an image that is alone under its name: a list would have been asked for the platform. */
function checkPlatform({ name, platform }: Pick<ReadyBase, 'name' | 'platform'>, facts: BaseFacts): void {
  if (facts.platform === undefined || runnablePlatforms(platform).includes(facts.platform)) return;
  const fix = `FROM --platform=${facts.platform} starts from it all the same`;
  throw new BuildFailed(
    'source',
    `base image ${name} is not published for platform ${platform}, only for ${facts.platform} (${fix})`,
  );
}

type LoadedBase = Pick<ReadyBase, 'name' | 'scope' | 'digest'>;

async function load(means: BaseImages, place: Place, base: LoadedBase, build: BaseBuild): Promise<BaseFacts> {
  try {
    return await loadDigest(means, place, { ...base, shown: `the base image ${base.name}` }, build);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw notFetched(base.name, place.source, error);
  }
}

/**
 * Fetches an image, or a cache, and hands it to the sandbox. Throws RegistryError, PullRefused, and BuildFailed, which calls it
 * as `shown`, where it is larger than the build's disk.
 */
export async function loadDigest(
  means: BaseImages,
  { source, way }: Pick<Place, 'source' | 'way'>,
  { shown, scope, digest }: { shown: string; scope: string; digest: string },
  build: BaseBuild,
): Promise<BaseFacts> {
  const { record, signal, maxBytes } = build;
  await build.place.openBases();
  const folder = join(build.place.folder.bases, digest.replace('sha256:', ''));
  await mkdir(folder, { recursive: true });
  try {
    if (way === undefined) await copyFromRegistry({ ...(await access(means, source, build)), digest, folder, signal });
    else await fetchForeignImage({ ...foreignImage(means.foreign, source, way, signal), digest, folder, maxBytes });
  } catch (error) {
    signal.throwIfAborted();
    await rm(folder, { recursive: true, force: true });
    throw isNoSpace(error) ? build.place.tooLarge(shown) : error;
  }
  return means.sandbox.loadBase({ buildId: record.buildRecordId, scope, digest }, { signal });
}

/** Told by the system to this process, or to skopeo and by skopeo. */
function isNoSpace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ENOSPC') || /no space left/i.test(error.message) || isNoSpace(error.cause);
}

function parseName(image: string) {
  try {
    const reference = parseImageReference(image);
    // The builder takes none as a name, whatever is fetched for it.
    if (!reference.host.startsWith('[')) return reference;
    const own = `127.0.0.1${/]:\d+$/.exec(reference.host)?.[0].slice(1) ?? ''}`;
    throw new ImageReferenceError(
      `"${image}": an IPv6 address is no registry in the name of an image; write a host name, ${own} for this server itself`,
    );
  } catch (error) {
    if (!(error instanceof ImageReferenceError)) throw error;
    throw new BuildFailed('source', error.message, { cause: error });
  }
}
