import type { ImageReference } from './image-reference.ts';

/** The namespace of images that were imported under the names of foreign registries. */
export const IMPORTED_NAMESPACE = 'imported';

/**
 * The repository of our own registry that an image of a foreign one is imported to: `library/NAME` for the official ones of
 * Docker Hub, `imported/ghcr.io__org__app` for `ghcr.io/org/app`. No two names have the same one; undefined for the few that have
 * none, those with a double underscore of their own. `cli/src/image/import-name.ts` has the same rule.
 */
export function importedRepository({
  host,
  repository,
}: Pick<ImageReference, 'host' | 'repository'>): string | undefined {
  if (host === 'docker.io' && repository.startsWith('library/')) return repository;
  if (repository.includes('__') || host.startsWith('[')) return undefined;
  const name = `${host.replace(':', '_')}__${repository.replaceAll('/', '__')}`;
  return name.length > 64 ? undefined : `${IMPORTED_NAMESPACE}/${name}`;
}
