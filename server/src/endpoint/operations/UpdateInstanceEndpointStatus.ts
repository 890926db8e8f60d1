import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { checkEndpointType, switched } from '../endpoint.ts';
import { changeEndpoint } from '../endpoint-store.ts';

/** A call that changes nothing succeeds: Terraform makes one at every plan. */
export default operation('UpdateInstanceEndpointStatus', {
  async run({ db }, { InstanceId, EndpointType, ModuleName = 'Registry', Enable }) {
    await getInstance(db, InstanceId);
    checkEndpointType(EndpointType);
    await changeEndpoint(db, InstanceId, ModuleName, (endpoint) => switched(endpoint, Enable));
    return {};
  },
});
