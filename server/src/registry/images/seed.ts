import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryError } from '../foreign/registry-error.ts';
import { BUILD_CREDENTIAL_USER, mintBuildCredential } from '../tokens/build-credential.ts';
import type { SigningKey } from '../tokens/signing-key.ts';
import { writeAuthFile } from './auth-file.ts';
import { BUSYBOX_VERSION_LABEL, isNewer, readBusyboxVersion, writeBusyboxImage } from './busybox-image.ts';
import { inspectConfig, pushImage } from './skopeo.ts';

/** The repository that every server has from its first start, so that `FROM busybox` builds without a network. */
export const SEED_NAME = ['library', 'busybox'] as const;
const SEED_REPOSITORY = SEED_NAME.join('/');

const TAG = 'latest';

/**
 * Puts `library/busybox:latest`, made from this machine's busybox-static, into our registry; does nothing if the
 * registry already has that version or a newer one, which another machine may have put there. `registryUrl` is our own port on loopback (proxy and token service), which must be
 * listening. Throws RegistryError, or an Error if busybox is missing.
 */
export async function seedRegistry(options: {
  registryUrl: string;
  key: SigningKey;
  nowMs: number;
  signal?: AbortSignal | undefined;
}): Promise<'present' | 'pushed'> {
  const { registryUrl, key, nowMs, signal } = options;
  const busybox = await readBusyboxVersion();
  const work = await mkdtemp(join(tmpdir(), 'slipway-seed-'));
  try {
    const authFile = join(work, 'auth.json');
    const password = await mintBuildCredential(key, { repository: SEED_REPOSITORY, actions: ['pull', 'push'] }, nowMs);
    await writeAuthFile(authFile, { registryUrl, user: BUILD_CREDENTIAL_USER, password });
    const found = await findVersion(registryUrl, authFile, signal);
    if (found !== undefined && !isNewer(busybox.version, found)) return 'present';
    const folder = join(work, 'image');
    await writeBusyboxImage(folder, busybox);
    await pushImage({ folder, repository: SEED_REPOSITORY, tags: [TAG], registryUrl, authFile, signal });
    return 'pushed';
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function findVersion(
  registryUrl: string,
  authFile: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { host, protocol } = new URL(registryUrl);
  const source = `docker://${host}/${SEED_REPOSITORY}:${TAG}`;
  try {
    const { config } = await inspectConfig({ source, tlsVerify: protocol === 'https:', authFile, signal });
    const labels = (config as { Labels?: Record<string, string> } | undefined)?.Labels;
    return labels?.[BUSYBOX_VERSION_LABEL];
  } catch (cause) {
    if (cause instanceof RegistryError && cause.kind === 'not-found') return undefined;
    throw cause;
  }
}
