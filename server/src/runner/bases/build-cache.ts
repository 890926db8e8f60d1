import type { CacheTo } from '#build/build-options.ts';
import { type BaseSource, isOwnHost, listBaseSources } from '#registry/foreign/base-source.ts';
import { ImageReferenceError, parseImageReference } from '#registry/foreign/image-reference.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { RefusedRequest } from '#sandbox/client/sandbox.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { PullRefused } from '../failure/pull-refused.ts';
import type { BaseBuild, BaseImages } from './base-images.ts';
import { inspectOwn, scopeOf } from './find-base.ts';
import { loadDigest } from './ready-bases.ts';

/** Where the build's cache is pushed, once its requesters are known to be allowed to push there. */
export interface PushedCache {
  repository: string;
  tag: string;
  mode: CacheTo['Mode'];
}

/** A cache that is ready for the sandbox. */
export interface FetchedCache {
  scope: string;
  digest: string;
  /** The repository of our own registry that it was pulled from. */
  ownRepository: string | undefined;
}

/** Returns why a build may not push to a repository of our own registry, or undefined if it may. */
export type PushRefusal = (record: BaseBuild['record'], repository: string) => Promise<string | undefined>;

/**
 * Fetches the caches that a build names in the same way as base images: outside the sandbox, with the rights of the
 * build's requesters. A cache that does not exist, or may not be read, is only a line in the log. Anyone who may
 * push there decides what is in it.
 */
export async function fetchCaches(means: BaseImages, build: BaseBuild): Promise<FetchedCache[]> {
  const found: FetchedCache[] = [];
  for (const name of build.record.options.cacheFrom ?? []) {
    const source = ownSource(means, name, '--cache-from');
    try {
      found.push(await fetchCache(means, source, name, build));
      await build.say(`cache ${name} is ${found.at(-1)?.digest}`);
    } catch (error) {
      build.signal.throwIfAborted();
      const isTold = [PullRefused, RegistryError, RefusedRequest, BuildFailed].some((kind) => error instanceof kind);
      if (!(error instanceof Error) || !isTold) throw error;
      const isAbsent = error instanceof RegistryError && error.kind === 'not-found';
      await build.say(isAbsent ? `there is no cache ${name} yet` : `the cache ${name} is not used: ${error.message}`);
    }
  }
  return found;
}

/** Where a build pushes its cache; undefined if none was requested. Throws BuildFailed if it may not push there. */
export async function planCachePush(
  means: BaseImages & { pushRefusal: PushRefusal },
  { record, repository: ofImage }: Pick<BaseBuild, 'record' | 'repository'>,
): Promise<PushedCache | undefined> {
  const { cacheTo } = record.options;
  if (cacheTo === undefined) return undefined;
  const { ownRepository: repository = '' } = ownSource(means, cacheTo.Reference, '--cache-to');
  const { tag } = parseOwn(cacheTo.Reference);
  const fail = (why: string, kind: 'cache-name' | 'cache-denied' = 'cache-name') =>
    new BuildFailed(kind, `the cache cannot be pushed to ${cacheTo.Reference}: ${why}`);
  if (tag === undefined) throw fail('it needs a tag instead of a digest');
  if (repository === ofImage && tag === record.imageTag)
    throw fail('the image has this name; give the cache another tag');
  const refusal = await means.pushRefusal(record, repository);
  if (refusal !== undefined) throw fail(refusal, 'cache-denied');
  if (!(await means.hasRepository(record, repository))) throw fail('there is no such repository; create it first');
  return { repository, tag, mode: cacheTo.Mode };
}

async function fetchCache(
  means: BaseImages,
  source: BaseSource,
  name: string,
  build: BaseBuild,
): Promise<FetchedCache> {
  const { digest } = await inspectOwn(means, source, `the cache ${name}`, build);
  const { ownRepository } = source;
  const cache = { scope: scopeOf(source, undefined), digest };
  if (!(await means.sandbox.findBase(cache.scope, digest, build.record.buildRecordId)))
    await loadDigest(means, { source, way: undefined }, { ...cache, shown: `the cache ${name}` }, build);
  return { ...cache, ownRepository };
}

/** Throws BuildFailed for a name in another registry: nobody here is responsible for what comes from there. */
function ownSource({ sources }: BaseImages, name: string, flag: string): BaseSource {
  const reference = parseOwn(name);
  const ownHost = new URL(sources.ownRegistryUrl).host;
  if (reference.host !== UNNAMED && !isOwnHost(reference.host, sources))
    throw new BuildFailed('cache-name', `${flag} ${name}: caches can only be in this registry, as NAMESPACE/NAME:TAG`);
  const [source] = listBaseSources({ ...reference, host: ownHost }, sources);
  if (source === undefined) throw new Error(`there is no way to our own registry for ${name}`);
  return source;
}

const UNNAMED = 'own.invalid';

function parseOwn(name: string) {
  const first = name.slice(0, name.indexOf('/'));
  try {
    return parseImageReference(/[.:]/.test(first) || first === 'localhost' ? name : `${UNNAMED}/${name}`);
  } catch (error) {
    if (!(error instanceof ImageReferenceError)) throw error;
    throw new BuildFailed('cache-name', `the name of a cache: ${error.message}`, { cause: error });
  }
}
