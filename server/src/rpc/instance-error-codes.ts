import type { ErrorCode } from './error-codes.ts';

/** The codes of an instance and what it has, but builds and their sources; see `error-codes.ts`. */
export const instanceErrorCodes = {
  INSTANCE_NOT_EXIST: {
    status: 404,
    message: 'The instance … does not exist.',
    cause: 'There is no such instance, or it belongs to someone else.',
    fix: 'The InstanceId is in root.json; ListInstance shows it too.',
  },
  NAMESPACE_NOT_EXIST: {
    status: 404,
    message: 'The specified namespace does not exist.',
    cause: 'There is no such namespace in the instance.',
    fix: 'ListNamespace lists the namespaces.',
  },
  NAMESPACE_ALREADY_EXIST: {
    status: 409,
    message: 'The instance already has a namespace ….',
    cause: 'The name is taken.',
    fix: 'Use the namespace that is there, or another name.',
  },
  NAMESPACE_NOT_EMPTY: {
    status: 409,
    message: 'The namespace … has repositories.',
    cause: 'Only a namespace without repositories can be deleted: a repository keeps the logs of its builds.',
    fix: 'Leave it as it is; UpdateNamespace can forbid new repositories by push.',
  },
  REPO_NOT_EXIST: {
    status: 404,
    message: 'The specified repository does not exist.',
    cause: 'There is no such repository in the instance.',
    fix: 'ListRepository lists the repositories.',
  },
  REPO_ALREADY_EXIST: {
    status: 409,
    message: 'The instance already has a repository ….',
    cause: 'The name is taken in this namespace.',
    fix: 'Use the repository that is there, or another name.',
  },
  UnsupportedOperation: {
    status: 400,
    message: '….',
    cause:
      'The operation means something that only the vendor has, or that the caller cannot have; the message says what.',
    fix: 'The table of the API, docs/api/coverage.md, has every operation that is never built, with its reason.',
  },
  'InvalidInstanceStorageDomainRoutingRule.NotFound': {
    status: 404,
    message: 'There is no such routing rule: layers are served by the host of the registry itself.',
    cause: 'No rule can be made here, so that there is none.',
    fix: 'Leave the rule out.',
  },
} as const satisfies Record<string, ErrorCode>;
