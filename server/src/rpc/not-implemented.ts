import { ApiError } from './api-error.ts';

/** The refusal of a parameter that the API has and this version does not act on yet: better none than half of it. */
export function parameterNotImplemented(name: string): ApiError {
  return new ApiError('NotImplemented', 400, `The parameter "${name}" is not implemented.`);
}

/** Operations of RAM, its identity products and STS that serve logins by an identity provider, beside those in `spec/`. */
const FEDERATED = new Set([
  'AssumeRoleWithOIDC',
  'AssumeRoleWithSAML',
  'AddClientIdToOIDCProvider',
  'AddFingerprintToOIDCProvider',
  'CreateOIDCProvider',
  'DeleteOIDCProvider',
  'GetOIDCProvider',
  'ListOIDCProviders',
  'RemoveClientIdFromOIDCProvider',
  'RemoveFingerprintFromOIDCProvider',
  'UpdateOIDCProvider',
]);

/** Whether an action that `spec/` does not have belongs to logins by an identity provider. */
export function isFederated(action: string): boolean {
  return FEDERATED.has(action);
}

/** The refusal of an operation that the API has and this server does not; of federated logins it says what to use instead. */
export function operationNotImplemented(action: string): ApiError {
  const instead = /SAML|OIDC/.test(action)
    ? ' Nobody signs in by SAML or OIDC here: give a machine a user with an access key (CreateUser, CreateAccessKey) or a role to assume (AssumeRole), and a person a user with a password (CreateLoginProfile).'
    : '';
  const list = instead === '' ? ' unimplemented-actions.txt lists all that are not.' : instead;
  // Never 5xx: Terraform repeats those for minutes.
  return new ApiError('NotImplemented', 400, `The operation ${action} is not implemented by this server.${list}`);
}
