import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AddressRefused, AddressUnknown, type AllowedAddresses, ANY_ADDRESS } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import type { BuildRecord } from '#build/build.ts';
import { HOST_PLATFORM, runnablePlatforms } from '#platform/platform.ts';
import { type BaseSource, type BaseSourceSettings, listBaseSources } from '#registry/base-source.ts';
import {
  type ChosenImage,
  type ForeignImage,
  fetchForeignImage,
  inspectForeignDigest,
} from '#registry/foreign-image.ts';
import { formatImageReference, ImageReferenceError, parseImageReference } from '#registry/image-reference.ts';
import { RegistryError } from '#registry/registry-error.ts';
import { copyFromRegistry, inspectDigest } from '#registry/skopeo.ts';
import type { BaseFacts, Sandbox } from '#sandbox/sandbox.ts';
import { BuildFailed } from './build-failed.ts';
import type { NamedImage } from './dockerfile-plan.ts';
import type { Reach } from './git-remote.ts';
import { checkOnBuild } from './on-build.ts';
import type { WorkFolder } from './work-folder.ts';
import type { Workplace } from './workplace.ts';

/** A base image that stands ready for the sandbox. */
export interface ReadyBase {
  /** As the Dockerfile names it, arguments expanded. */
  image: string;
  platform: string;
  /** It adds instructions to the Dockerfile. */
  hasOnBuild: boolean;
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
  allowed: AllowedAddresses;
  reach: Reach;
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

/** Those for whom a build runs may not pull an image of our own registry; the message names the action and the resource. */
export class PullRefused extends BuildFailed {
  constructor(message: string) {
    super('source', message);
  }
}

/** Fetches every image that a Dockerfile names, outside the sandbox and by digest, and says so in the log. */
export async function readyBases(
  means: BaseImages,
  build: {
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
  },
): Promise<ReadyBase[]> {
  const bases: ReadyBase[] = [];
  // Those of a build are kept until it ends, whatever all kept ones may have.
  const sizes = new Map<string, number>();
  for (const named of build.images) {
    try {
      const { sizeBytes, ...base } = await readyBase(means, named, build);
      bases.push(base);
      sizes.set(`${base.scope} ${base.digest}`, sizeBytes);
      const totalBytes = [...sizes.values()].reduce((sum, each) => sum + each, 0);
      if (totalBytes > build.maxBytes) throw build.place.basesTooLarge();
    } catch (error) {
      if (error instanceof BuildFailed && error.fault !== 'machine') error.dockerfile = named.dockerfile;
      throw error;
    }
  }
  return bases;
}

async function readyBase(
  means: BaseImages,
  named: NamedImage,
  build: Build,
): Promise<ReadyBase & Pick<BaseFacts, 'sizeBytes'>> {
  const { image, platform } = named;
  const reference = parseName(image);
  const name = formatImageReference(reference);
  const sources = listBaseSources(reference, means.sources);
  const { digest, isListed, source } = await findDigest(means, sources, { name, platform }, build);
  const base = { image, platform, name, scope: scopeOf(source), digest };
  const { ownRepository } = source;
  const shown = platform === HOST_PLATFORM ? digest : `${digest} for ${platform}`;
  await build.say(`base image ${name} is ${shown} (${SPOKEN_ORIGIN[source.origin]})`);
  const loaded = await means.sandbox.findBase(base.scope, digest, build.record.buildRecordId);
  const facts = loaded ?? (await load(means, source, base, build));
  if (named.isBase && !isListed) checkPlatform(base, facts);
  const { onBuild, sizeBytes } = facts;
  // What is only copied or mounted from adds no instructions.
  if (named.isBase) checkOnBuild({ name, repository: ownRepository, onBuild }, build.repository);
  return { ...base, hasOnBuild: named.isBase && onBuild.length > 0, ownRepository, sizeBytes };
}

/** Of an image that is alone under its name: a list would have been asked for the platform. */
function checkPlatform({ name, platform }: Pick<ReadyBase, 'name' | 'platform'>, facts: BaseFacts): void {
  if (facts.platform === undefined || runnablePlatforms(platform).includes(facts.platform)) return;
  const mend = `FROM --platform=${facts.platform} starts from it all the same`;
  throw new BuildFailed(
    'source',
    `base image ${name} is not there for platform ${platform}, only for ${facts.platform} (${mend})`,
  );
}

const SPOKEN_ORIGIN: Record<BaseSource['origin'], string> = {
  own: 'from this registry',
  mirror: 'from the mirror of docker.io',
  registry: 'from its registry',
};

type LoadedBase = Pick<ReadyBase, 'name' | 'scope' | 'digest'>;
type Build = Parameters<typeof readyBases>[1];

async function findDigest(
  means: BaseImages,
  sources: readonly BaseSource[],
  { name, platform }: Pick<ReadyBase, 'name' | 'platform'>,
  build: Build,
): Promise<ChosenImage & { source: BaseSource }> {
  let missing: RegistryError | undefined;
  let refused: PullRefused | undefined;
  for (const source of sources) {
    try {
      const chosen =
        source.origin === 'own'
          ? await inspectDigest({ ...(await access(means, source, build)), signal: build.signal }, platform)
          : await inspectForeignDigest(foreignImage(means, source, build), platform);
      return { ...chosen, source };
    } catch (error) {
      if (error instanceof PullRefused) {
        // As if it were not there: what may not be pulled is not told from what does not exist.
        refused = error;
        continue;
      }
      if (!(error instanceof RegistryError)) throw error;
      build.signal.throwIfAborted();
      if (error.kind === 'no-platform') throw notForPlatform(name, platform, error);
      if (error.kind === 'not-found' || (error.kind === 'unauthorised' && source.origin === 'own')) missing = error;
      else throw notFetched(name, source, error, refused);
    }
  }
  if (refused && sources.length === 1) throw new BuildFailed('source', `base image ${name}: ${refused.message}`);
  const places = sources.map(({ origin }) =>
    origin === 'registry' ? name.slice(0, name.indexOf('/')) : PLACES[origin],
  );
  throw new BuildFailed('source', `base image ${name} was not found in ${places.join(' nor in ')}${besides(refused)}`, {
    cause: missing,
  });
}

function notForPlatform(name: string, platform: string, error: RegistryError): BuildFailed {
  const offered = error.message.slice(error.message.lastIndexOf(', only for '));
  return new BuildFailed('source', `base image ${name} is not there for platform ${platform}${offered}`, {
    cause: error,
  });
}

const PLACES = { own: 'this registry', mirror: 'the mirror of docker.io' };

function besides(refused: PullRefused | undefined): string {
  return refused ? `; in this registry it was not looked for: ${refused.message}` : '';
}

function notFetched(
  name: string,
  { origin }: BaseSource,
  error: RegistryError,
  refused?: PullRefused | undefined,
): BuildFailed {
  // A machine without a way to docker.io is the common case behind closed doors.
  const mend =
    origin === 'registry' && name.startsWith('docker.io/')
      ? ' (setting docker-io-mirror; slipway image import brings an image into this registry)'
      : '';
  const message = `base image ${name} cannot be fetched: ${error.message}${mend}${besides(refused)}`;
  return new BuildFailed(faultOf(error), message, { cause: error });
}

/** An address that is not allowed is the server's rule, and a registry that is away is not the source's fault. */
function faultOf(error: RegistryError): 'source' | 'settings' | 'machine' {
  if (error.cause instanceof AddressRefused) return error.cause instanceof AddressUnknown ? 'source' : 'settings';
  return error.kind === 'unreachable' ? 'machine' : 'source';
}

async function load(means: BaseImages, source: BaseSource, base: LoadedBase, build: Build): Promise<BaseFacts> {
  await build.place.openBases();
  const folder = join(build.place.folder.bases, base.digest.replace('sha256:', ''));
  await mkdir(folder, { recursive: true });
  try {
    const { digest } = base;
    if (source.origin === 'own')
      await copyFromRegistry({ ...(await access(means, source, build)), digest, folder, signal: build.signal });
    else
      await fetchForeignImage({
        ...foreignImage(means, source, build),
        digest,
        folder,
        maxBytes: build.maxBytes,
      });
  } catch (error) {
    build.signal.throwIfAborted();
    if (isNoSpace(error)) throw build.place.baseTooLarge(base.name);
    if (!(error instanceof RegistryError)) throw error;
    throw notFetched(base.name, source, error);
  }
  const { scope, digest } = base;
  const { record, signal } = build;
  return means.sandbox.loadBase({ buildId: record.buildRecordId, scope, digest }, { signal });
}

/** Told by the system to this process, or to skopeo and by skopeo. */
function isNoSpace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ENOSPC') || /no space left/i.test(error.message) || isNoSpace(error.cause);
}

async function access(means: BaseImages, source: BaseSource, build: Build) {
  const authFile =
    source.ownRepository &&
    (await means.pullCredential(build.record, source.ownRepository, build.place.folder, build.onSecret));
  return {
    source: source.source,
    tlsVerify: source.tlsVerify,
    workFolder: build.place.folder.home,
    start: build.place.start,
    authFile,
  };
}

/** A foreign registry must not be a way into the machine's own network; the operator's mirror may stand in it. */
function foreignImage(means: BaseImages, source: BaseSource, build: Build): ForeignImage {
  const { hostname } = new URL(source.source.replace('docker://', 'http://'));
  const { proxies, authorities } = means.reach;
  const pin = (asked: string) => {
    const allowed = source.origin === 'mirror' && asked === hostname ? ANY_ADDRESS : means.allowed;
    return findRoute(asked, allowed, proxies);
  };
  return { source: source.source, tlsVerify: source.tlsVerify, authorities, pin, signal: build.signal };
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

/** A private image lies apart, under its repository: who may name it is decided at each build. */
function scopeOf(source: BaseSource): string {
  if (source.ownRepository === undefined) return 'world';
  return `own-${createHash('sha256').update(source.ownRepository).digest('hex').slice(0, 16)}`;
}
