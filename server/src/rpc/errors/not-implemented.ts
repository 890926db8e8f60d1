import { ApiError } from './api-error.ts';

/** The refusal of a parameter that the API has and this version does not support. Ignoring it would be worse. */
export function parameterNotImplemented(name: string): ApiError {
  return new ApiError('NotImplemented', 400, `The parameter "${name}" is not implemented.`);
}

/** Operations of RAM, its identity products and STS for logins by an identity provider, in addition to those in `spec/`. */
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

/** Whether an action that is not in `spec/` is for logins by an identity provider. */
export function isFederated(action: string): boolean {
  return FEDERATED.has(action);
}

/** The refusal of an operation that the API has and this server does not. For federated logins, says what to use instead. */
export function operationNotImplemented(action: string): ApiError {
  const instead = /SAML|OIDC/.test(action)
    ? ' There is no sign-in by SAML or OIDC here: give a machine a user with an access key (CreateUser, CreateAccessKey) or a role to assume (AssumeRole), and a person a user with a password (CreateLoginProfile).'
    : '';
  const list = instead === '' ? ' See unimplemented-actions.txt for the full list.' : instead;
  // Not a 5xx: Terraform retries those for minutes.
  return new ApiError('NotImplemented', 400, `The operation ${action} is not implemented by this server.${list}`);
}
