import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { checkCertificate, givenDomain } from '../customized-domain.ts';
import { getCustomizedDomain, setCertificate } from '../customized-domain-store.ts';
import { givenModule } from '../endpoint.ts';

/** Serves a domain with another certificate, to new connections. */
export default operation('UpdateInstanceCustomizedDomain', {
  async run({ db, certificates, now }, { InstanceId: instanceId, Domain, CertId, ModuleName }) {
    await getInstance(db, instanceId);
    const key = { instanceId, module: givenModule(ModuleName), domain: givenDomain(Domain) };
    await getCustomizedDomain(db, key);
    checkCertificate(certificates, CertId, key.domain);
    await setCertificate(db, key, CertId, now());
    await certificates.domainsChanged();
    return {};
  },
});
