import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { endpointHost } from '../endpoint.ts';
import { findNetwork } from '../network.ts';
import { listNetworkLinks } from '../network-store.ts';

export default operation('GetInstanceVpcEndpoint', {
  async run({ db, networks, publicHost }, { InstanceId, ModuleName = 'Registry' }) {
    await getInstance(db, InstanceId);
    const links = await listNetworkLinks(db, InstanceId, ModuleName);
    return {
      Domains: links.length > 0 ? [endpointHost(ModuleName, publicHost)] : [],
      Enable: links.length > 0,
      LinkedVpcs: links.map((link, i) => ({
        DefaultAccess: i === 0,
        Ip: findNetwork(networks, link)?.address,
        // This server makes no names in private zones.
        Issue: link.wantsDns ? 'PRIVATE_ZONE_NOT_MANAGED' : undefined,
        Status: 'RUNNING',
        VpcId: link.vpcId,
        VswitchId: link.vswitchId,
      })),
      ModuleName,
    };
  },
});
