import type { RepositoryAction } from '../tokens/scope.ts';
import type { SigningKey } from '../tokens/signing-key.ts';
import { mintToken } from '../tokens/token.ts';

/** Distribution as this server uses it, with a token for one repository at a time. */
export interface ChildRegistry {
  /** The bytes of a manifest and its type; undefined if it does not exist. */
  readManifest(repository: string, digest: string): Promise<{ bytes: Buffer; mediaType: string } | undefined>;
  /** Sends a manifest by its digest. Returns the reply unchanged. */
  putManifest(repository: string, digest: string, bytes: Buffer, contentType: string): Promise<Response>;
  /** Removes a manifest; does nothing if it does not exist. */
  deleteManifest(repository: string, digest: string): Promise<void>;
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
  key: SigningKey;
  issuer: string;
  service: string;
  now(): number;
}

/** What a request to distribution may do, by repository. */
export type ChildRights = readonly { name: string; actions: RepositoryAction[] }[];

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

/** Each call throws an Error if distribution does not reply, or replies with an unexpected status. */
export function childRegistry(registry: ChildAddress): ChildRegistry {
  const ask = (
    repository: string,
    path: string,
    actions: RepositoryAction[],
    { body, ...init }: { method: string; headers?: Record<string, string>; body?: Buffer },
  ) => {
    const sent = body === undefined ? {} : { body: new Uint8Array(body) };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const rights = [{ name: repository, actions }];
    const { pathname, search } = new URL(path, `${registry.url()}/v2/${repository}/`);
    return askChild(registry, rights, `${pathname}${search}`, { ...init, ...sent, signal });
  };
  return {
    async readManifest(repository, digest) {
      const answer = await ask(repository, `manifests/${digest}`, ['pull'], {
        method: 'GET',
        headers: { accept: MANIFEST_TYPES },
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw new Error(`read ${repository}@${digest}: the registry answered ${answer.status}`);
      return { bytes, mediaType: answer.headers.get('content-type') ?? '' };
    },
    putManifest: (repository, digest, body, contentType) =>
      ask(repository, `manifests/${digest}`, ['pull', 'push'], {
        method: 'PUT',
        headers: { 'content-type': contentType },
        body,
      }),
    async deleteManifest(repository, digest) {
      const answer = await ask(repository, `manifests/${digest}`, ['pull', 'delete'], { method: 'DELETE' });
      await answer.arrayBuffer();
      if (!answer.ok && answer.status !== 404)
        throw new Error(`remove ${repository}@${digest}: the registry answered ${answer.status}`);
    },
  };
}
