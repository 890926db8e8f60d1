import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { givenDomain } from '../customized-domain.ts';
import { getCustomizedDomain } from '../customized-domain-store.ts';
import { givenModule } from '../endpoint.ts';

export default operation('GetInstanceCustomizedDomain', {
  async run({ db, regionId }, { InstanceId: instanceId, Domain, ModuleName }) {
    await getInstance(db, instanceId);
    const key = { instanceId, module: givenModule(ModuleName), domain: givenDomain(Domain) };
    const found = await getCustomizedDomain(db, key);
    return {
      CertId: found.certId,
      CreateTime: found.createdMs,
      Domain: found.domain,
      DomainType: 'USER',
      EndpointType: 'internet',
      InstanceId: instanceId,
      ModifiedTime: found.modifiedMs,
      ModuleName: found.module,
      RegionId: regionId,
    };
  },
});
