import { callNative } from '@slipway/client/call-native.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { TAG } from '../input/image-reference.ts';
import type { Server } from '../server/find-server.ts';

/** The name that a build gives its image, and the further tags that the image gets. */
export interface ImageTags {
  image: string;
  more: readonly string[];
}

/**
 * Reads the values of `--tag`: names of one repository. `byDefault` is the name of an image without any. Throws
 * `CliError`.
 */
export function readTags(given: readonly string[], byDefault: string): ImageTags {
  const [image = byDefault, ...others] = given;
  const [repository] = splitName(image);
  const more = others.map((name) => {
    const [named, tag] = splitName(name);
    if (!TAG.test(tag))
      throw new CliError(
        EXIT_CODES.usage,
        `--tag: ${JSON.stringify(tag)} is not a tag: at most 128 letters, digits, _, . and -`,
      );
    if (named === repository) return tag;
    throw new CliError(
      EXIT_CODES.usage,
      `--tag: all names of a build must be of one repository, but ${JSON.stringify(name)} is not of ${repository}`,
    );
  });
  return { image, more: [...new Set(more)].filter((tag) => tag !== splitName(image)[1]) };
}

/** Sets further tags to the image of a build, no matter what its first tag refers to by now. */
export async function addTags(
  { client }: Server,
  { repository, digest }: { repository: string; digest: string },
  tags: readonly string[],
): Promise<void> {
  const [namespace = '', name = ''] = repository.split('/');
  for (const tag of tags) await callNative(client, 'setTag', { namespace, name, tag, digest });
}

function splitName(name: string): [repository: string, tag: string] {
  const at = name.indexOf(':', name.lastIndexOf('/') + 1);
  return at < 0 ? [name, 'latest'] : [name.slice(0, at), name.slice(at + 1)];
}
