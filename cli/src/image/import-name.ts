import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** Where an image goes in the registry, and its name in a Dockerfile. */
export interface ImportName {
  repository: string;
  tag: string;
  /**
   * The name in a foreign registry that it is imported under: `ghcr.io/org/app:1`; undefined for a name of this
   * registry.
   */
  foreign: string | undefined;
}

/** The namespace of images imported under the names of foreign registries. */
export const IMPORTED_NAMESPACE = 'imported';

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const REPOSITORY_LIMIT = 64;

/**
 * Reads the name of an image to import: `NAME`, `NAMESPACE/NAME` of this registry, or one of a foreign registry, as in
 * a Dockerfile. `ownHost` is this registry's host. Throws CliError.
 */
export function parseImportName(text: string, ownHost?: string): ImportName {
  const colon = text.indexOf(':', text.lastIndexOf('/') + 1);
  const [name, tag] = colon < 0 ? [text, 'latest'] : [text.slice(0, colon), text.slice(colon + 1)];
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  // As the builder reads it (distribution's reference package).
  const isHost = /[.:]/.test(first) || first === 'localhost';
  const path = isHost ? name.slice(slash + 1) : name;
  if (!PATH.test(path) || !TAG.test(tag) || (isHost && !HOST.test(first))) throw noName(text);
  if (!isHost || first === ownHost) {
    const parts = path.split('/');
    if (parts.length > 2) throw noName(text);
    return { repository: parts.length === 1 ? `library/${path}` : path, tag, foreign: undefined };
  }
  const host = first === 'index.docker.io' ? 'docker.io' : first;
  return { repository: importedRepository(host, path, text), tag, foreign: `${host}/${path}:${tag}` };
}

/** The same rule as `server/src/registry/foreign/imported-name.ts`. */
function importedRepository(host: string, path: string, text: string): string {
  if (host === 'docker.io' && !path.includes('/')) return `library/${path}`;
  if (host === 'docker.io' && /^library\/[^/]+$/.test(path)) return path;
  const name = `${host.replace(':', '_')}__${path.replaceAll('/', '__')}`;
  if (path.includes('__') || name.length > REPOSITORY_LIMIT)
    throw new CliError(
      EXIT_CODES.usage,
      `"${text}" cannot be imported under its own name: host and name may have ${REPOSITORY_LIMIT} characters together, and no "__"; import it as NAMESPACE/NAME:TAG and use that name in the Dockerfile`,
    );
  return `${IMPORTED_NAMESPACE}/${name}`;
}

function noName(text: string): CliError {
  const rule =
    'give NAMESPACE/NAME:TAG, NAME:TAG or HOST/NAME:TAG in lower-case letters, digits, ".", "_" and "-", without a digest';
  return new CliError(EXIT_CODES.usage, `"${text}" is not a valid image name; ${rule}`);
}
