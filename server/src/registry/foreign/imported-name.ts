import type { ImageReference } from './image-reference.ts';

/** The namespace of images that were imported under the names of foreign registries. */
export const IMPORTED_NAMESPACE = 'imported';

/**
 * The repository of our own registry into which an image of a foreign one is imported: `library/NAME` for the official
 * ones of Docker Hub, `imported/ghcr.io__org__app` for `ghcr.io/org/app`. Each name has a different repository;
 * undefined for the few names that have none, because they contain a double underscore. `cli/src/image/import-name.ts`
 * has the same rule.
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
