import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { checkEndpointType } from '../endpoint.ts';
import { endpointReply } from '../endpoint-reply.ts';
import { readEndpoint } from '../endpoint-store.ts';

export default operation('GetInstanceEndpoint', {
  async run({ db, publicHost }, { InstanceId, EndpointType, ModuleName = 'Registry' }) {
    await getInstance(db, InstanceId);
    checkEndpointType(EndpointType);
    const endpoint = await readEndpoint(db, InstanceId, ModuleName);
    return {
      ...endpointReply(endpoint, ModuleName, publicHost),
      AclEntries: endpoint.entries.map(({ entry, comment }) => ({ Comment: comment, Entry: entry })),
    };
  },
});
