import { type Endpoint, endpointHost, type ModuleName } from './endpoint.ts';

/** The fields that all operations show of an endpoint. `Status` is present only while it is on: clients wait for it. */
export function endpointReply(
  { enabled, entries }: Endpoint,
  module: ModuleName,
  { publicHost, customized }: { publicHost: string; customized: readonly { domain: string }[] },
) {
  return {
    AclEnable: enabled && entries.length > 0,
    Domains: [
      { Domain: endpointHost(module, publicHost), Type: 'SYSTEM' },
      ...customized.map(({ domain }) => ({ Domain: endpointHost(module, domain), Type: 'USER' })),
    ],
    Enable: enabled,
    Status: enabled ? 'RUNNING' : undefined,
  };
}
