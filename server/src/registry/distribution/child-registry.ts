import { StoreUnreachable } from '#blob/blob.ts';
import type { RepositoryAction } from '../tokens/scope.ts';
import type { SigningKey } from '../tokens/signing-key.ts';
import { mintToken } from '../tokens/token.ts';
import { LINK_ATTEMPTS } from './child-storage.ts';
import type { RepositoryLinks } from './image-storage.ts';

/** Distribution as this server uses it, with a token for one repository at a time. */
export interface ChildRegistry {
  /** The bytes of a manifest and its type; undefined if it does not exist. */
  readManifest(repository: string, digest: string): Promise<{ bytes: Buffer; mediaType: string } | undefined>;
  /** Sends a manifest by its digest. Returns the reply unchanged. */
  putManifest(repository: string, sent: SentManifest): Promise<Response>;
  /** Removes a manifest; does nothing if it does not exist. */
  deleteManifest(repository: string, digest: string): Promise<void>;
}

/** A manifest for distribution. */
export interface SentManifest {
  digest: string;
  bytes: Buffer;
  contentType: string;
  /** Digests of what the repository must have: configuration, layers and listed manifests. */
  parts: readonly string[];
}

/** Every kind of manifest: each is served as it was pushed. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
/** Distribution writes a manifest and its links to the disk before it replies. */
const TIMEOUT_MS = 60_000;

/** How this server reaches distribution. */
export interface ChildAddress {
  url(): string;
  links: RepositoryLinks;
  key: SigningKey;
  issuer: string;
  service: string;
  now(): number;
}

/** What a request to distribution may do, by repository. */
export type ChildRights = readonly { name: string; actions: RepositoryAction[] }[];

/**
 * Asks about what a repository has by these digests. Distribution 2.8 empties a link before it writes it again, which
 * every push of the same layer or manifest does, and a crash can leave it empty. A request that reads it then is
 * answered as an internal error, or as an invalid digest of a manifest whose digest we have checked. The link's content is its own
 * name, so it is written here, and the request is sent again.
 * https://github.com/distribution/distribution/blob/v2.8.2/registry/storage/driver/filesystem/driver.go
 */
export async function askAboutLinked(
  address: ChildAddress,
  { repository, digests }: { repository: string; digests: readonly string[] },
  ask: () => Promise<Response>,
): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    if (answer.status !== 400 && answer.status !== 500) return answer;
    const text = await answer.text();
    const isLinkUnread = answer.status === 500 || text.includes('"DIGEST_INVALID"');
    const { status, headers } = answer;
    if (!isLinkUnread || attempt === LINK_ATTEMPTS) return new Response(text, { status, headers });
    await address.links.complete(repository, digests);
  }
}

/** Asks distribution for a path that begins with `/v2/`, with a token for these rights. Throws an Error if it does not reply. */
export async function askChild(
  { url, key, issuer, service, now }: ChildAddress,
  rights: ChildRights,
  path: string,
  init: RequestInit & { headers?: Record<string, string> },
): Promise<Response> {
  const access = rights.map(({ name, actions }) => ({ type: 'repository' as const, name, actions }));
  const content = { issuer, service, subject: 'slipway', access, missingRepositories: [] };
  const { token } = await mintToken(key, content, now());
  return fetch(new URL(path, url()), { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
}

/** An answer that was not expected: distribution's internal errors are those of its storage. */
export function unexpected({ status }: Pick<Response, 'status'>, what: string): Error {
  const message = `${what}: the registry answered ${status}`;
  return status >= 500 ? new StoreUnreachable(message) : new Error(message);
}

/** Each call throws an Error if distribution does not reply, or replies with an unexpected status. */
export function childRegistry(registry: ChildAddress): ChildRegistry {
  const ask = (
    repository: string,
    digest: string,
    actions: RepositoryAction[],
    {
      body,
      parts = [],
      ...init
    }: { method: string; headers?: Record<string, string>; body?: Buffer; parts?: readonly string[] },
  ) => {
    const sent = body === undefined ? {} : { body: new Uint8Array(body) };
    const rights = [{ name: repository, actions }];
    const path = `/v2/${repository}/manifests/${digest}`;
    return askAboutLinked(registry, { repository, digests: [digest, ...parts] }, () => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      return askChild(registry, rights, path, { ...init, ...sent, signal });
    });
  };
  return {
    async readManifest(repository, digest) {
      const answer = await ask(repository, digest, ['pull'], {
        method: 'GET',
        headers: { accept: MANIFEST_TYPES },
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw unexpected(answer, `read ${repository}@${digest}`);
      return { bytes, mediaType: answer.headers.get('content-type') ?? '' };
    },
    putManifest: (repository, { digest, bytes, contentType, parts }) =>
      ask(repository, digest, ['pull', 'push'], {
        method: 'PUT',
        headers: { 'content-type': contentType },
        body: bytes,
        parts,
      }),
    async deleteManifest(repository, digest) {
      const answer = await ask(repository, digest, ['pull', 'delete'], { method: 'DELETE' });
      await answer.arrayBuffer();
      if (!answer.ok && answer.status !== 404) throw unexpected(answer, `remove ${repository}@${digest}`);
      // On S3, distribution also says so where it could not list the link.
      await registry.links.removeManifest(repository, digest);
    },
  };
}
