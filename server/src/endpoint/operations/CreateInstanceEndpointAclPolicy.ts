import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { checkEndpointType, givenEntries, withEntries } from '../endpoint.ts';
import { changeEndpoint } from '../endpoint-store.ts';

export default operation('CreateInstanceEndpointAclPolicy', {
  async run({ db }, { InstanceId, EndpointType, ModuleName = 'Registry', ...given }) {
    await getInstance(db, InstanceId);
    checkEndpointType(EndpointType);
    const entries = givenEntries(given);
    await changeEndpoint(db, InstanceId, ModuleName, (endpoint) => withEntries(endpoint, entries));
    return {};
  },
});
