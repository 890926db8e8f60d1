import type { Endpoint, ModuleName } from './endpoint.ts';

/** The fields that all operations show of an endpoint. `Status` is present only while it is on: clients wait for it. */
export function endpointReply(endpoint: Endpoint, module: ModuleName, publicHost: string) {
  // Classic charts are not served: their endpoint is off and has no host.
  const enabled = module === 'Registry' && endpoint.enabled;
  return {
    AclEnable: enabled && endpoint.entries.length > 0,
    Domains: module === 'Registry' ? [{ Domain: publicHost, Type: 'SYSTEM' }] : [],
    Enable: enabled,
    Status: enabled ? 'RUNNING' : undefined,
  };
}
