import type { Endpoint, ModuleName } from './endpoint.ts';

/** What the operations show of an endpoint alike. `Status` is there while it is on only: clients wait for it. */
export function endpointReply(endpoint: Endpoint, module: ModuleName, publicHost: string) {
  // No classic charts are served: their endpoint is off and has no host.
  const enabled = module === 'Registry' && endpoint.enabled;
  return {
    AclEnable: enabled && endpoint.entries.length > 0,
    Domains: module === 'Registry' ? [{ Domain: publicHost, Type: 'SYSTEM' }] : [],
    Enable: enabled,
    Status: enabled ? 'RUNNING' : undefined,
  };
}
