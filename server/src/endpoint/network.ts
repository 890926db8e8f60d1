import type { Network } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';

/** The network of a call or a row. */
export interface NetworkId {
  readonly vpcId: string;
  readonly vswitchId: string;
}

/** How many networks an instance may be linked to, as in the vendor's smaller editions. */
export const LINKS_LIMIT = 3;

/** The network of these ids, or undefined if the operator names none. */
export function findNetwork(networks: readonly Network[], { vpcId, vswitchId }: NetworkId): Network | undefined {
  return networks.find((network) => network.vpcId === vpcId && network.vswitchId === vswitchId);
}

/** Throws if the operator names no such network: this server cannot find one by its id. */
export function requireNetwork(networks: readonly Network[], id: NetworkId): void {
  const ofVpc = networks.filter(({ vpcId }) => vpcId === id.vpcId);
  if (ofVpc.length === 0) {
    const message = `The network ${JSON.stringify(id.vpcId.slice(0, 100))} is unknown: the operator lists networks in the setting networks.`;
    throw new ApiError('InvalidVpcId.NotFound', 400, message);
  }
  if (findNetwork(ofVpc, id)) return;
  const message = `The network ${id.vpcId} has no vSwitch ${JSON.stringify(id.vswitchId.slice(0, 100))} in the setting networks.`;
  throw new ApiError('InvalidVswitchId.NotFound', 400, message);
}
