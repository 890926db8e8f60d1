import { parseRegistryHost } from '#registry/foreign/registry-host.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';

/** The host in a path, in the form that images use. Throws `InvalidParameter`. */
export function registryHost(given: string): string {
  const host = parseRegistryHost(given);
  if (host !== undefined) return host;
  throw invalidParameter(
    'the host in the path',
    'it must be the host of a registry, as in docker.io or registry.example:5000.',
  );
}
