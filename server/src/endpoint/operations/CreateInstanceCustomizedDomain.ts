import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { checkCertificate, givenDomain, refuseOwnName } from '../customized-domain.ts';
import { insertCustomizedDomain } from '../customized-domain-store.ts';
import { givenModule } from '../endpoint.ts';

/** Adds a host name of the instance's own to an endpoint. It is served at once. */
export default operation('CreateInstanceCustomizedDomain', {
  async run({ db, certificates, publicHost, now }, { InstanceId, Domain, CertId, ModuleName }) {
    await getInstance(db, InstanceId);
    const [module, domain, nowMs] = [givenModule(ModuleName), givenDomain(Domain), now()];
    refuseOwnName(domain, publicHost);
    checkCertificate(certificates, CertId, domain);
    const times = { createdMs: nowMs, modifiedMs: nowMs };
    await insertCustomizedDomain(db, { instanceId: InstanceId, module, domain, certId: CertId, ...times });
    await certificates.domainsChanged();
    return {};
  },
});
