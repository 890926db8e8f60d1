/**
 * The registry's name in its challenge and its tokens: the vendor's form, from which clients read the region and the
 * instance (Harbor splits it at the colons).
 */
export function registryService(regionId: string, instanceId: string): string {
  return `registry.aliyuncs.com:${regionId}:china:${instanceId}`;
}

/** Its name before version 0.2: clients that still ask for it get a token. */
export const FORMER_SERVICE = 'slipway';
