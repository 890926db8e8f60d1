import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** An image of this server's registry, or a repository if it has neither tag nor digest. */
export interface ImageReference {
  namespace: string;
  name: string;
  tag: string | undefined;
  digest: string | undefined;
}

/** The syntax of tags: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-manifests */
export const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Reads `[HOST/]NAMESPACE/NAME[:TAG][@DIGEST]`. The host is accepted because names are copied with it, but ignored.
 * Throws `CliError`.
 */
export function parseImage(
  text: string,
  kind = 'an image; write NAMESPACE/NAME:TAG or NAMESPACE/NAME@sha256:…',
): ImageReference {
  const [path = '', digest, ...more] = text.split('@');
  const [last = '', namespace = '', ...host] = path.split('/').reverse();
  const [name = '', tag, ...rest] = last.split(':');
  const isName = namespace !== '' && name !== '' && !namespace.includes(':') && host.length <= 1 && host[0] !== '';
  const isWhole = more.length === 0 && rest.length === 0;
  const isRight = (digest === undefined || DIGEST.test(digest)) && (tag === undefined || TAG.test(tag));
  if (!isName || !isWhole || !isRight)
    throw new CliError(EXIT_CODES.usage, `${JSON.stringify(text.slice(0, 300))} is not ${kind}`);
  return { namespace, name, tag, digest };
}

/** The same with neither tag nor digest. Throws `CliError`. */
export function parseRepository(text: string): { namespace: string; name: string } {
  const { namespace, name, tag, digest } = parseImage(text, 'a repository; write NAMESPACE/NAME');
  if (tag !== undefined || digest !== undefined)
    throw new CliError(EXIT_CODES.usage, `name the repository alone: ${namespace}/${name}`);
  return { namespace, name };
}

/** The same with a tag and without a digest. Throws `CliError`. */
export function parseTagged(text: string): ImageReference & { tag: string } {
  const image = parseImage(text);
  const { tag } = image;
  if (tag === undefined || image.digest !== undefined)
    throw new CliError(
      EXIT_CODES.usage,
      `${JSON.stringify(text.slice(0, 300))} names no tag; write NAMESPACE/NAME:TAG`,
    );
  return { ...image, tag };
}
