import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { removeNetworkLink } from '../network-store.ts';

export default operation('DeleteInstanceVpcEndpointLinkedVpc', {
  async run({ db }, { InstanceId, ModuleName = 'Registry', VpcId, VswitchId }) {
    await getInstance(db, InstanceId);
    await removeNetworkLink(db, InstanceId, ModuleName, { vpcId: VpcId, vswitchId: VswitchId });
    return {};
  },
});
