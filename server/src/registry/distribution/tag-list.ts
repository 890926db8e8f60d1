import type { Grant } from '../tokens/scope.ts';
import type { SigningKey } from '../tokens/signing-key.ts';
import { mintToken } from '../tokens/token.ts';
import { FirstNames, readTagNames } from './tag-names.ts';

/** A tag of a repository and the digest it stands for. */
export interface Tag {
  name: string;
  digest: string;
}

/** A page of tags in the order of their names; `next` continues it. */
export interface TagPage {
  tags: Tag[];
  next: string | undefined;
}

/** Lists the tags of a repository `namespace/name`, those after a name. */
export type ListTags = (repository: string, page: { limit: number; after?: string | undefined }) => Promise<TagPage>;

const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const AT_ONCE = 8;
const TIMEOUT_MS = 10_000;

/**
 * Reads tags from our own registry with a token for this one repository. A repository that nothing was pushed to has none.
 * Throws an Error when the registry does not answer.
 */
export function tagLister(registry: {
  url(): string;
  key: SigningKey;
  issuer: string;
  service: string;
  now(): number;
}): ListTags {
  const read = async (repository: string, path: string, method: string) => {
    const access: Grant[] = [{ type: 'repository', name: repository, actions: ['pull'] }];
    const { issuer, service } = registry;
    const content = { issuer, service, subject: 'tags', access, missingRepositories: [] };
    const { token } = await mintToken(registry.key, content, registry.now());
    return fetch(`${registry.url()}/v2/${repository}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, accept: MANIFESTS },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  };
  return async (repository, { limit, after }) => {
    const response = await read(repository, 'tags/list', 'GET');
    if (response.status === 404) return { tags: [], next: undefined };
    if (!response.ok || response.body === null)
      throw new Error(`list the tags of ${repository}: the registry answered ${response.status}`);
    const first = new FirstNames(limit, (a, b) => (a < b ? -1 : 1));
    await readTagNames(response.body, (all) =>
      first.add(after === undefined ? all : all.filter((name) => name > after)),
    );
    const names = await first.end();
    const tags: Tag[] = [];
    for (let first = 0; first < names.length; first += AT_ONCE) {
      const found = await Promise.all(
        names.slice(first, first + AT_ONCE).map(async (name) => {
          const manifest = await read(repository, `manifests/${name}`, 'HEAD');
          const digest = manifest.headers.get('docker-content-digest');
          return manifest.ok && digest !== null ? { name, digest } : undefined;
        }),
      );
      tags.push(...found.filter((tag) => tag !== undefined));
    }
    return { tags, next: first.count > limit ? names.at(-1) : undefined };
  };
}
