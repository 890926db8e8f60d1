import { ImageReferenceError, parseImageReference } from './image-reference.ts';

/**
 * The host of a registry in the form that images use: `Index.docker.io` is `docker.io`. Undefined for anything else,
 * such as a URL or a name without a dot or port.
 */
export function parseRegistryHost(text: string): string | undefined {
  if (/[/@]/.test(text)) return undefined;
  try {
    const { host, repository } = parseImageReference(`${text}/name/of`);
    return repository === 'name/of' ? host : undefined;
  } catch (error) {
    if (error instanceof ImageReferenceError) return undefined;
    throw error;
  }
}

/** The host name of a URL as resolvers take it: without the brackets of IPv6. */
export function bareHostname({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
