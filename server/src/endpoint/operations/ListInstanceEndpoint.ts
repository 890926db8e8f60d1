import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { listCustomizedDomains } from '../customized-domain-store.ts';
import { endpointReply } from '../endpoint-reply.ts';
import { readEndpoint } from '../endpoint-store.ts';
import { listNetworkLinks } from '../network-store.ts';

export default operation('ListInstanceEndpoint', {
  async run({ db, publicHost }, { InstanceId, ModuleName = 'Registry', Summary = false }) {
    await getInstance(db, InstanceId);
    const endpoint = await readEndpoint(db, InstanceId, ModuleName);
    const customized = await listCustomizedDomains(db, { instanceId: InstanceId, module: ModuleName });
    const entries = endpoint.entries.map(({ entry }) => ({ Entry: entry }));
    const internet = {
      ...endpointReply(endpoint, ModuleName, { publicHost, customized }),
      AclEntries: Summary ? undefined : entries,
      EndpointType: 'internet',
      LinkedVpcs: [],
    };
    const links = await listNetworkLinks(db, InstanceId, ModuleName);
    const vpc = {
      AclEnable: false,
      AclEntries: Summary ? undefined : [],
      Domains: internet.Domains,
      Enable: true,
      EndpointType: 'vpc',
      LinkedVpcs: links.map(({ vpcId }) => ({ VpcId: vpcId })),
      Status: 'RUNNING',
    };
    return { Endpoints: links.length > 0 ? [internet, vpc] : [internet] };
  },
});
