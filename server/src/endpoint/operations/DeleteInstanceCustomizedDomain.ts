import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { givenDomain } from '../customized-domain.ts';
import { removeCustomizedDomain } from '../customized-domain-store.ts';
import { givenModule } from '../endpoint.ts';

/** Removes a domain. New connections to it get the server's own certificate. */
export default operation('DeleteInstanceCustomizedDomain', {
  async run({ db, certificates }, { InstanceId: instanceId, Domain, ModuleName }) {
    await getInstance(db, instanceId);
    await removeCustomizedDomain(db, { instanceId, module: givenModule(ModuleName), domain: givenDomain(Domain) });
    await certificates.domainsChanged();
    return {};
  },
});
