/** A complete image name. */
export interface ImageReference {
  /** Registry host with port, `docker.io` if the text names none. */
  host: string;
  /** Path in that registry, `library/busybox`. */
  repository: string;
  /** `latest` if the text has neither tag nor digest; undefined if it has only a digest. */
  tag: string | undefined;
  /** `sha256:` and 64 hex digits. */
  digest: string | undefined;
}

/** An image name that Slipway does not accept; the message names the rule and can be shown in a build log. */
export class ImageReferenceError extends Error {
  override readonly name = 'ImageReferenceError';
}

// Names for which buildah and skopeo would read something other than a registry (containers-transports(5)). `docker` is
// missing on purpose: `docker:27-cli` is an image of Docker Hub, and only `docker://` is the transport.
const TRANSPORTS = new Set([
  'atomic',
  'containers-storage',
  'dir',
  'docker-archive',
  'docker-daemon',
  'oci',
  'oci-archive',
  'ostree',
  'sif',
  'tarball',
]);

// The grammar of distribution's reference package (reference/reference.go).
const HOST =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$/;
const IMAGE_ID = /^[a-f0-9]{64}$/;
const MAX_REPOSITORY_CHARS = 255;

/**
 * Parses and completes an image name as written after FROM or `COPY --from=`: `busybox` is
 * `docker.io/library/busybox:latest`. Throws ImageReferenceError for a transport, an image id and anything that is not
 * a name.
 */
export function parseImageReference(text: string): ImageReference {
  refuseTransport(text);
  if (text === '') throw new ImageReferenceError('an image name is empty');
  if (IMAGE_ID.test(text)) {
    throw new ImageReferenceError(`"${text}" is an image id; name the image, with @sha256:… to pin it`);
  }
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !DIGEST.test(digest)) {
    throw new ImageReferenceError(`"${text}": a digest is sha256: and 64 lower-case hex digits`);
  }
  const nameAndTag = at < 0 ? text : text.slice(0, at);
  const colon = nameAndTag.indexOf(':', nameAndTag.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : nameAndTag.slice(colon + 1);
  if (tag !== undefined && !TAG.test(tag)) {
    throw new ImageReferenceError(`"${text}": a tag is up to 128 letters, digits, "_", "." and "-"`);
  }
  const { host, repository } = splitName(colon < 0 ? nameAndTag : nameAndTag.slice(0, colon), text);
  return { host, repository, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest };
}

/** The full name; with a digest the tag is left out, since registries and skopeo take only one of the two. */
export function formatImageReference(reference: ImageReference): string {
  const name = `${reference.host}/${reference.repository}`;
  return reference.digest === undefined ? `${name}:${reference.tag ?? 'latest'}` : `${name}@${reference.digest}`;
}

function refuseTransport(text: string): void {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return;
  if (TRANSPORTS.has(scheme) || text.startsWith(`${scheme}://`) || /^[a-z]+:\/\//i.test(text)) {
    throw new ImageReferenceError(
      `"${text}": images come from registries only, the transport "${scheme}:" is refused; write host/namespace/name:tag`,
    );
  }
}

function splitName(name: string, text: string): { host: string; repository: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  let host = hasHost ? first.toLowerCase() : 'docker.io';
  let repository = hasHost ? name.slice(slash + 1) : name;
  if (host === 'index.docker.io') host = 'docker.io';
  if (host === 'docker.io' && !repository.includes('/')) repository = `library/${repository}`;
  const [, address, port = ''] = /^(\[[0-9a-f:]*\])(:\d+)?$/.exec(host) ?? [];
  // Settings and logins of a registry are found by its host, so an address needs one spelling.
  if (address !== undefined) host = `${URL.parse(`http://${address}`)?.host ?? ''}${port}`;
  if (!HOST.test(host)) throw new ImageReferenceError(`"${text}": "${first}" is not a registry host`);
  if (repository.length > MAX_REPOSITORY_CHARS || !repository.split('/').every((part) => COMPONENT.test(part))) {
    throw new ImageReferenceError(
      `"${text}" is not an image name: lower-case letters, digits and single ".", "_" or "-" between them`,
    );
  }
  return { host, repository };
}
