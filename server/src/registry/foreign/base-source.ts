import { formatImageReference, type ImageReference } from './image-reference.ts';
import { importedRepository } from './imported-name.ts';
import { parseRegistryHost } from './registry-host.ts';

/** The settings that decide where base images come from. */
export interface BaseSourceSettings {
  /** The URLs by which users know our own registry: the public one, the listening one. */
  ownUrls: readonly string[];
  /** Our own registry on loopback, `http://127.0.0.1:8720`. */
  ownRegistryUrl: string;
  /** A registry that serves Docker Hub's names, `https://mirror.example` with an optional path. */
  dockerIoMirror?: string | undefined;
}

/** The settings of the registry that an image names. */
export interface NamedRegistry {
  /** `https://mirror.example` with an optional path, in order. */
  mirrors: readonly string[];
  plainHttp: boolean;
}

/** One place to try for a base image. */
export interface BaseSource {
  origin: 'own' | 'mirror' | 'registry';
  /** `host:port` of the registry that is asked. */
  host: string;
  /** `docker://host/name:tag` or `docker://host/name@sha256:…`. */
  source: string;
  tlsVerify: boolean;
  /** For `own`: the repository that a build credential must allow to pull. */
  ownRepository: string | undefined;
}

/**
 * The places to try for a base image, in order. The next one is tried only if the image is *not found* in the previous
 * one, or a mirror cannot be reached. An image imported under the name is looked up in our own registry first, so that
 * builds work without a network.
 */
export function listBaseSources(
  reference: ImageReference,
  settings: BaseSourceSettings,
  { mirrors, plainHttp }: NamedRegistry = { mirrors: [], plainHttp: false },
): BaseSource[] {
  if (isOwnHost(reference.host, settings)) return [ownSource(reference, reference.repository, settings)];
  const imported = importedRepository(reference);
  const sources = imported === undefined ? [] : [ownSource(reference, imported, settings)];
  const hubMirror = reference.host === 'docker.io' && mirrors.length === 0 ? settings.dockerIoMirror : undefined;
  for (const mirror of hubMirror === undefined ? mirrors : [hubMirror]) sources.push(mirrorSource(reference, mirror));
  // That setting is for machines that cannot reach docker.io.
  if (hubMirror === undefined) sources.push(remoteSource(reference, reference.host, '', !plainHttp, 'registry'));
  return sources;
}

function mirrorSource(reference: ImageReference, mirror: string): BaseSource {
  const { host: given, hostname, port, pathname, protocol } = new URL(mirror);
  // Without a dot or a port, the first part of a name is not a host: `mirror/app` is an image of Docker Hub.
  const host = parseRegistryHost(given) ?? `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  const prefix = pathname
    .split('/')
    .filter((part) => part !== '')
    .join('/');
  return remoteSource(reference, host, prefix, protocol === 'https:', 'mirror');
}

/** Whether a host is this server, in any spelling. Only then are a build's rights checked, and it may read. */
export function isOwnHost(host: string, { ownUrls }: Pick<BaseSourceSettings, 'ownUrls'>): boolean {
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

/** A host as URLs write it: normalizes `127.1`, `0x7f000001` and `[0:0:0:0:0:0:0:1]`. */
function canonicalHost(host: string): string {
  return URL.parse(`http://${host}`)?.host ?? host;
}

function ownSource(reference: ImageReference, repository: string, settings: BaseSourceSettings): BaseSource {
  const own = new URL(settings.ownRegistryUrl);
  const found = remoteSource({ ...reference, repository }, own.host, '', own.protocol === 'https:', 'own');
  return { ...found, ownRepository: repository };
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
    host,
    source: `docker://${formatImageReference({ ...reference, host, repository })}`,
    tlsVerify,
    ownRepository: undefined,
  };
}
