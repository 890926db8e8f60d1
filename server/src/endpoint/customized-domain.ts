import type { Certificates } from '#rpc/context.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import type { ModuleName } from './endpoint.ts';
import { certificateNotFound, customizedDomainExists } from './errors.ts';

/** A further host name of an endpoint, with a certificate that the operator provides. */
export interface CustomizedDomain {
  instanceId: string;
  module: ModuleName;
  /** In lower case. */
  domain: string;
  /** The name of the certificate in the operator's folder, or `PROXY_CERTIFICATE`. */
  certId: string;
  createdMs: number;
  modifiedMs: number;
}

/** The name that means that a proxy in front of the server has the certificate. */
export const PROXY_CERTIFICATE = 'proxy';

const NAME_LIMIT = 253;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads a host name. Throws InvalidParameter.Domain for an address, a name with a port, or one without a dot. */
export function givenDomain(text: string): string {
  const domain = text.toLowerCase();
  const labels = domain.split('.', NAME_LIMIT);
  const isName = domain.length <= NAME_LIMIT && labels.length > 1 && labels.every((label) => LABEL.test(label));
  if (isName && /[a-z]/.test(labels.at(-1) ?? '')) return domain;
  const reason = `${JSON.stringify(text.slice(0, 100))} is not a host name such as registry.example.com.`;
  throw invalidParameter('Domain', reason, 'InvalidParameter.Domain');
}

/** Throws CERT_NOT_EXIST and InvalidParameter.CertId for a certificate that cannot serve a domain. */
export function checkCertificate(certificates: Certificates, certId: string, domain: string): void {
  const mistake = certificates.mistakeOf(certId, domain);
  if (mistake === undefined) return;
  if (mistake.kind === 'missing') throw certificateNotFound(certId.slice(0, 100));
  throw invalidParameter('CertId', mistake.reason, 'InvalidParameter.CertId');
}

/** Throws CUSTOMIZED_DOMAIN_ALREADY_EXIST for the name that the server has anyway. */
export function refuseOwnName(domain: string, publicHost: string): void {
  if (publicHost.replace(/:\d+$/, '').toLowerCase() === domain) throw customizedDomainExists(domain);
}
