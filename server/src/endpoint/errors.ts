import { ApiError } from '#rpc/errors/api-error.ts';

export function aclEntryNotFound(entry: string): ApiError {
  return new ApiError('ENDPOINT_ACL_NOT_EXIST', 404, `The allow-list has no entry ${entry}.`);
}

export function linkNotFound(): ApiError {
  return new ApiError('INSTANCE_ACCESS_NOT_EXIST', 404, 'The instance is not linked to this network.');
}

export function linkExists(): ApiError {
  return new ApiError('INSTANCE_ACCESS_ALREADY_EXIST', 409, 'The instance is linked to this network.');
}

export function tooManyLinks(limit: number): ApiError {
  return new ApiError('VPC_QUOTA_EXCEED', 400, `The instance is linked to ${limit} networks, which is the limit.`);
}

export function customizedDomainNotFound(): ApiError {
  return new ApiError('CUSTOMIZED_DOMAIN_NOT_EXIST', 404, 'The specified customized domain does not exist.');
}

export function customizedDomainExists(domain: string): ApiError {
  return new ApiError('CUSTOMIZED_DOMAIN_ALREADY_EXIST', 409, `The domain ${domain} is in use already.`);
}

export function tooManyDomains(limit: number): ApiError {
  return new ApiError(
    'CUSTOMIZED_DOMAIN_QUOTA_EXCEED',
    400,
    `There are ${limit} customized domains; that is the limit.`,
  );
}

export function certificateNotFound(certId: string): ApiError {
  return new ApiError('CERT_NOT_EXIST', 404, `The operator has no certificate ${certId}.`);
}
