import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { requireNetwork } from '../network.ts';
import { insertNetworkLink } from '../network-store.ts';

/** Lets the clients of a network that the operator names reach the registry, independent of the public endpoint. */
export default operation('CreateInstanceVpcEndpointLinkedVpc', {
  async run({ db, networks }, { InstanceId, ModuleName = 'Registry', VpcId, VswitchId, EnableCreateDNSRecordInPvzt }) {
    await getInstance(db, InstanceId);
    const id = { vpcId: VpcId, vswitchId: VswitchId };
    requireNetwork(networks, id);
    await insertNetworkLink(db, InstanceId, ModuleName, { ...id, wantsDns: EnableCreateDNSRecordInPvzt ?? false });
    return {};
  },
});
