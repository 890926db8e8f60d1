import { formatImageReference, type ImageReference } from './image-reference.ts';

/** What decides where base images come from. */
export interface BaseSourceSettings {
  /** Hosts (with port) under which users know our own registry: the public one, the listening one. */
  ownHosts: readonly string[];
  /** Where our own registry answers on loopback, `http://127.0.0.1:8720`. */
  ownRegistryUrl: string;
  /** A registry that answers for Docker Hub's names, `https://mirror.example` with an optional path. */
  dockerIoMirror?: string | undefined;
}

/** One place to try for a base image. */
export interface BaseSource {
  origin: 'own' | 'mirror' | 'registry';
  /** `docker://host/name:tag` or `docker://host/name@sha256:…`. */
  source: string;
  tlsVerify: boolean;
  /** For `own`: the repository that a build credential must allow to pull. */
  ownRepository: string | undefined;
}

/**
 * The places to try for a base image, in order; the next one only when the image is *not found* in the one before.
 * Docker Hub's official images are looked for in our own `library` first, so that builds work without a network.
 */
export function listBaseSources(reference: ImageReference, settings: BaseSourceSettings): BaseSource[] {
  if (settings.ownHosts.some((host) => host.toLowerCase() === reference.host)) return [ownSource(reference, settings)];
  if (reference.host !== 'docker.io') return [remoteSource(reference, reference.host, '', true, 'registry')];
  const sources = reference.repository.startsWith('library/') ? [ownSource(reference, settings)] : [];
  if (settings.dockerIoMirror === undefined) {
    sources.push(remoteSource(reference, 'docker.io', '', true, 'registry'));
  } else {
    const mirror = new URL(settings.dockerIoMirror);
    const prefix = mirror.pathname
      .split('/')
      .filter((part) => part !== '')
      .join('/');
    sources.push(remoteSource(reference, mirror.host, prefix, mirror.protocol === 'https:', 'mirror'));
  }
  return sources;
}

function ownSource(reference: ImageReference, settings: BaseSourceSettings): BaseSource {
  const own = new URL(settings.ownRegistryUrl);
  const found = remoteSource(reference, own.host, '', own.protocol === 'https:', 'own');
  return { ...found, ownRepository: reference.repository };
}

function remoteSource(
  reference: ImageReference,
  host: string,
  prefix: string,
  tlsVerify: boolean,
  origin: BaseSource['origin'],
): BaseSource {
  const repository = prefix === '' ? reference.repository : `${prefix}/${reference.repository}`;
  return {
    origin,
    source: `docker://${formatImageReference({ ...reference, host, repository })}`,
    tlsVerify,
    ownRepository: undefined,
  };
}
