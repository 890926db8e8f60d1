import { formatImageReference, type ImageReference } from './image-reference.ts';

/** What decides where base images come from. */
export interface BaseSourceSettings {
  /** The URLs under which users know our own registry: the public one, the listening one. */
  ownUrls: readonly string[];
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
  if (isOwnHost(reference.host, settings)) return [ownSource(reference, settings)];
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

/** Whether a host is this server, however it is spelled. Only where it is, a build's rights are asked, and it may read. */
function isOwnHost(host: string, { ownUrls }: BaseSourceSettings): boolean {
  const asked = canonicalHost(host);
  return ownUrls.some((url) => {
    const { protocol, hostname, port } = new URL(url);
    const ownPort = port || (protocol === 'https:' ? '443' : '80');
    const names = LOOPBACK_NAMES.includes(hostname) ? LOOPBACK_NAMES : [hostname];
    const own = names.map((name) => canonicalHost(`${name}:${ownPort}`));
    return own.includes(asked) || (port === '' && canonicalHost(hostname) === asked);
  });
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** A host as URLs write it: `127.1`, `0x7f000001` and `[0:0:0:0:0:0:0:1]` are what they stand for. */
function canonicalHost(host: string): string {
  return URL.parse(`http://${host}`)?.host ?? host;
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
