import { createHash } from 'node:crypto';
import { AddressRefused, AddressUnknown } from '#address/address.ts';
import type { FailureFacts, FailureKind } from '#build/failure/failure-kind.ts';
import { type BaseSource, listBaseSources } from '#registry/foreign/base-source.ts';
import type { ChosenImage } from '#registry/foreign/foreign-image.ts';
import type { ImageReference } from '#registry/foreign/image-reference.ts';
import { IMPORTED_NAMESPACE } from '#registry/foreign/imported-name.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { inspectDigest } from '#registry/images/skopeo.ts';
import type { BaseFacts } from '#sandbox/client/sandbox.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { storagePatiently } from '../failure/patience.ts';
import { PullRefused } from '../failure/pull-refused.ts';
import type { BaseBuild, BaseImages, ReadyBase } from './base-images.ts';
import { foreignImage, lookUpForeign, mayPass, type RegistryWay } from './foreign-bases.ts';

/** A name, and the platform that its image is for. */
type NamedBase = Pick<ReadyBase, 'name' | 'platform'>;

/** Where an image may be, and with which login the build asks there. */
export interface BaseCandidate {
  source: BaseSource;
  way: RegistryWay | undefined;
  /** Identifies the store for what comes from there. */
  scope: string;
}

/** How a registry is reached for a build, by its host. */
export type WayOf = (host: string) => Promise<RegistryWay>;

/** Asks for each host once a build. */
export function registryWays({ foreign }: BaseImages, { record, repository }: BaseBuild): WayOf {
  const ways = new Map<string, Promise<RegistryWay>>();
  return (host) => {
    const way = ways.get(host) ?? foreign.registryWay(record, repository, host);
    ways.set(host, way);
    return way;
  };
}

/**
 * Where to look for an image, in order. Skips a repository of imported images that does not exist, because few
 * images are imported.
 */
export async function listCandidates(
  means: BaseImages,
  reference: ImageReference,
  build: BaseBuild,
  wayOf: WayOf,
): Promise<BaseCandidate[]> {
  const { record } = build;
  const candidates: BaseCandidate[] = [];
  for (const source of listBaseSources(reference, means.sources, await wayOf(reference.host))) {
    if (isImported(source) && !(await means.hasRepository(record, source.ownRepository ?? ''))) continue;
    const way = source.origin === 'own' ? undefined : await wayOf(source.host);
    if (way?.login) await build.onSecret(way.login.password);
    candidates.push({ source, way, scope: scopeOf(source, way) });
  }
  return candidates;
}

function isImported({ origin, ownRepository }: BaseSource): boolean {
  return origin === 'own' && ownRepository?.startsWith(`${IMPORTED_NAMESPACE}/`) === true;
}

/** Describes where an image was found. */
export function shownOrigin({ source }: BaseCandidate, { host }: { host: string }): string {
  if (source.origin === 'own') return isImported(source) ? 'imported into this registry' : 'from this registry';
  return source.origin === 'mirror' ? `from the mirror of ${host}` : 'from its registry';
}

/**
 * The digest of a name, and where it was found; `kept` has the facts of a base that is already here, if its registry
 * cannot be asked. Throws BuildFailed.
 */
export async function findDigest(
  means: BaseImages,
  candidates: readonly BaseCandidate[],
  named: NamedBase,
  build: BaseBuild,
): Promise<ChosenImage & { candidate: BaseCandidate; kept?: BaseFacts }> {
  const { name, platform } = named;
  let missing: RegistryError | undefined;
  let refused: PullRefused | undefined;
  let away: { candidate: BaseCandidate; error: RegistryError } | undefined;
  for (const candidate of candidates) {
    const { source } = candidate;
    try {
      return { ...(await chooseAt(means, candidate, named, build)), candidate };
    } catch (error) {
      if (error instanceof PullRefused) {
        // Treated as missing: an image that may not be pulled looks like one that does not exist.
        refused = error;
        continue;
      }
      if (!(error instanceof RegistryError)) throw error;
      build.signal.throwIfAborted();
      if (error.kind === 'no-platform') throw notForPlatform(name, platform, error);
      if (error.kind === 'not-found' || (error.kind === 'unauthorised' && source.origin === 'own')) missing = error;
      else if (source.origin !== 'own' && mayPass(error)) {
        if (candidates.at(-1) !== candidate)
          await build.say(`the mirror ${source.host} cannot be asked: ${error.message}`);
        away = { candidate, error };
      } else throw notFetched(name, source, error, refused);
    }
  }
  if (away) return (await keptBase(means, candidates, named, build, away.error)) ?? throwAway(name, away, refused);
  const sources = candidates.map(({ source }) => source);
  if (refused && sources.length === 1)
    throw new BuildFailed('base-pull-denied', `base image ${name}: ${refused.message}`);
  const host = name.slice(0, name.indexOf('/'));
  const asked = sources.map(({ origin }) =>
    origin === 'own' ? 'this registry' : origin === 'mirror' ? `the mirror of ${host}` : host,
  );
  const message = `base image ${name} was not found in ${asked.join(' nor in ')}${besides(refused)}`;
  throw new BuildFailed('base-missing', message, { cause: missing, facts: factsOf(name) });
}

async function chooseAt(
  means: BaseImages,
  { source, way, scope }: BaseCandidate,
  { name, platform }: NamedBase,
  build: BaseBuild,
): Promise<ChosenImage> {
  if (way === undefined) return inspectOwn(means, source, name, build, platform);
  const image = foreignImage(means.foreign, source, way, build.signal);
  return lookUpForeign(means.foreign, image, { scope, name, platform }, build.record.options.pull === true);
}

/** The digest of an image of our own registry. Throws RegistryError, PullRefused. */
export function inspectOwn(
  means: BaseImages,
  source: BaseSource,
  name: string,
  build: BaseBuild,
  platform?: string,
): Promise<ChosenImage> {
  const inspect = async () =>
    inspectDigest({ ...(await access(means, source, build)), signal: build.signal }, platform);
  return storagePatiently(build, `looking for ${name}`, inspect);
}

function notForPlatform(name: string, platform: string, error: RegistryError): BuildFailed {
  const offered = error.message.slice(error.message.lastIndexOf(', only for '));
  return new BuildFailed('base-platform', `base image ${name} is not published for platform ${platform}${offered}`, {
    cause: error,
  });
}

/** How skopeo pulls an image from our own registry. Throws PullRefused. */
export async function access(means: BaseImages, source: BaseSource, build: BaseBuild) {
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

/** What a name referred to at the registry's last answer, if that is still here and the build may use it. */
async function keptBase(
  means: BaseImages,
  candidates: readonly BaseCandidate[],
  { name, platform }: NamedBase,
  build: BaseBuild,
  error: RegistryError,
) {
  if (build.record.options.pull) return undefined;
  const { buildRecordId } = build.record;
  for (const candidate of candidates.filter(({ way }) => way !== undefined)) {
    const known = await means.foreign.known.find({ scope: candidate.scope, name, platform });
    const kept = known && (await means.sandbox.findBase(candidate.scope, known.digest, buildRecordId));
    if (known === undefined || kept === undefined) continue;
    const time = `${new Date(known.seenMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    await build.say(`the registry of ${name} cannot be asked: ${error.message}`);
    await build.say(`base image ${name} is ${known.digest} (kept here; last confirmed by its registry on ${time})`);
    return { digest: known.digest, isListed: known.digest !== known.listedDigest, candidate, kept };
  }
  return undefined;
}

function throwAway(
  name: string,
  { candidate, error }: { candidate: BaseCandidate; error: RegistryError },
  refused: PullRefused | undefined,
): never {
  throw notFetched(name, candidate.source, error, refused);
}

function besides(refused: PullRefused | undefined): string {
  return refused ? `; this registry was not searched: ${refused.message}` : '';
}

/** Turns a failed exchange with the registry of a base image into the failure of the build. */
export function notFetched(
  name: string,
  { origin }: BaseSource,
  error: RegistryError,
  refused?: PullRefused | undefined,
): BuildFailed {
  // A machine without access to docker.io is common in closed networks.
  const fix =
    origin === 'registry' && name.startsWith('docker.io/')
      ? ' (setting docker-io-mirror; slipway image import brings an image into this registry)'
      : '';
  const message = `base image ${name} cannot be fetched: ${error.message}${fix}${besides(refused)}`;
  return new BuildFailed(kindOf(error, origin), message, { cause: error, facts: factsOf(name) });
}

/** A denied address is a rule of the server, and an unreachable registry is not the source's fault. */
function kindOf({ cause, kind, status }: RegistryError, origin: BaseSource['origin']): FailureKind {
  if (origin === 'own' && kind === 'unreachable') return 'storage-away';
  if (cause instanceof AddressUnknown) return 'base-host-unknown';
  if (cause instanceof AddressRefused) return 'base-address-denied';
  if (status === 429) return 'base-rate-limited';
  if (kind === 'unauthorised') return 'base-login-needed';
  return kind === 'unreachable' || (status ?? 0) >= 500 ? 'base-unreachable' : 'base-refused';
}

function factsOf(name: string): FailureFacts {
  return { image: name, registry: name.slice(0, Math.max(0, name.indexOf('/'))) };
}

/**
 * A private image is stored separately, under its repository or the login that opens it: each build decides again who
 * may use it.
 */
export function scopeOf(source: BaseSource, way: RegistryWay | undefined): string {
  if (source.ownRepository !== undefined) return `own-${shortHash(source.ownRepository)}`;
  return way?.login === undefined ? 'world' : `login-${shortHash(`${source.host}\n${way.login.user}`)}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
