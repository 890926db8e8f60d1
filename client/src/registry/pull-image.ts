import { registryRequestErrorOf } from './registry-request-error.ts';
import { openRegistrySession, type RegistryLogin } from './registry-session.ts';

/** The part of an image to request from a registry. */
export interface PulledPart {
  kind: 'manifests' | 'blobs';
  /** `sha256:` and 64 hex digits. */
  digest: string;
}

/** Returns the bytes of one part as the registry sends them; the caller checks them against the digest. */
export type PullPart = (part: PulledPart) => Promise<{ mediaType: string; bytes: AsyncIterable<Uint8Array> }>;

const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Opens a repository (`namespace/name`) for reading. Throws RegistryRequestError, as does the returned function. */
export async function openPull(login: RegistryLogin, repository: string): Promise<PullPart> {
  const session = await openRegistrySession(login, `repository:${repository}:pull`);
  return async ({ kind, digest }) => {
    const headers = kind === 'manifests' ? { accept: MANIFEST_TYPES.join(', ') } : {};
    const answer = await session.send('GET', `/v2/${repository}/${kind}/${digest}`, { headers });
    if (answer.status !== 200 || answer.body === null)
      throw await registryRequestErrorOf(`pull ${digest} of ${repository}`, answer);
    return { mediaType: answer.headers.get('content-type') ?? '', bytes: answer.body };
  };
}
