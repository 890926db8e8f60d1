import { type IpRange, ipInRange, parseIpRange } from '#address/ip-range.ts';
import type { Database } from '#db/database.ts';
import type { Network } from '#rpc/context.ts';
import type { AclEntry, ModuleName } from './endpoint.ts';
import { readEndpointText } from './endpoint-store.ts';
import { findNetwork } from './network.ts';
import { listNetworkLinks } from './network-store.ts';

/** Why a client may not reach the registry now, as a message for the client; undefined if it may. */
export type EndpointGate = (sourceIp: string | undefined) => Promise<string | undefined>;

/**
 * Decides by the endpoint as it is stored at that moment, so a change applies to everyone's next request, on any
 * connection. Callers let this machine in without asking.
 */
export function endpointGate(
  db: Database,
  instanceId: string,
  module: ModuleName,
  networks: readonly Network[],
): EndpointGate {
  const publicGate = publicEndpointGate(db, instanceId, module);
  return async (sourceIp) => {
    const refusal = await publicGate(sourceIp);
    if (refusal === undefined || sourceIp === undefined) return refusal;
    // A client from a linked network does not come through the public endpoint.
    const links = await listNetworkLinks(db, instanceId, module);
    const isLinked = links.some((link) => {
      const network = findNetwork(networks, link);
      return network !== undefined && ipInRange(sourceIp, network.clients);
    });
    return isLinked ? undefined : refusal;
  };
}

function publicEndpointGate(db: Database, instanceId: string, module: ModuleName): EndpointGate {
  const what = module === 'Registry' ? 'this registry' : 'the chart repositories of this server';
  let known: { text: string; ranges: readonly IpRange[] } = { text: '[]', ranges: [] };
  return async (sourceIp) => {
    const row = await readEndpointText(db, instanceId, module);
    if (!row) return undefined;
    if (row.enabled === 0) return `the public endpoint of ${what} is off (UpdateInstanceEndpointStatus)`;
    if (row.entries !== known.text) known = { text: row.entries, ranges: rangesOf(row.entries) };
    if (known.ranges.length === 0) return undefined;
    if (sourceIp !== undefined && known.ranges.some((range) => ipInRange(sourceIp, range))) return undefined;
    return `the allow-list of ${what} does not have your address ${sourceIp ?? ''}`.trimEnd();
  };
}

function rangesOf(entries: string): IpRange[] {
  return (JSON.parse(entries) as AclEntry[]).flatMap(({ entry }) => parseIpRange(entry) ?? []);
}
