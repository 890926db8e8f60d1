import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { listCustomizedDomains } from '../customized-domain-store.ts';
import { checkEndpointType } from '../endpoint.ts';
import { endpointReply } from '../endpoint-reply.ts';
import { readEndpoint } from '../endpoint-store.ts';

export default operation('GetInstanceEndpoint', {
  async run({ db, publicHost }, { InstanceId, EndpointType, ModuleName = 'Registry' }) {
    await getInstance(db, InstanceId);
    checkEndpointType(EndpointType);
    const endpoint = await readEndpoint(db, InstanceId, ModuleName);
    const customized = await listCustomizedDomains(db, { instanceId: InstanceId, module: ModuleName });
    return {
      ...endpointReply(endpoint, ModuleName, { publicHost, customized }),
      AclEntries: endpoint.entries.map(({ entry, comment }) => ({ Comment: comment, Entry: entry })),
    };
  },
});
