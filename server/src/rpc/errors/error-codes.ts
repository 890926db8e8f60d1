import { ACCOUNT_ERROR_CODES } from './account-error-codes.ts';
import { CHAIN_ERROR_CODES } from './chain-error-codes.ts';
import { CHART_ERROR_CODES } from './chart-error-codes.ts';
import type { ErrorCode } from './error-code.ts';
import { IMAGE_ERROR_CODES } from './image-error-codes.ts';
import { INSTANCE_ERROR_CODES } from './instance-error-codes.ts';
import { SCAN_ERROR_CODES } from './scan-error-codes.ts';
import { SOURCE_ERROR_CODES } from './source-error-codes.ts';
import { SUBSCRIPTION_ERROR_CODES } from './subscription-error-codes.ts';
import { SYNC_ERROR_CODES } from './sync-error-codes.ts';
import { TRIGGER_ERROR_CODES } from './trigger-error-codes.ts';

/**
 * Every code that a call can be answered with. Codes and statuses of the gateway are those of the vendor's common
 * error tables; upper-case codes are the product's own. Codes are API: they are added, never reworded.
 */
export const ERROR_CODES = {
  MissingParameter: {
    status: 400,
    message: 'The input parameter "…" that is mandatory for processing this request is not supplied.',
    cause: 'A required parameter, or a part of the signature, is absent or empty.',
    fix: 'Send the parameter that the message names; an unsigned request names the first missing part of the signature.',
  },
  InvalidParameter: {
    status: 400,
    message: 'The specified parameter "…" is not valid: …',
    cause:
      'A value is malformed, out of range or not among those allowed, a name appears twice, or the encoding is broken. Some operations append the parameter’s name to the code, as in InvalidParameter.TagFilter.',
    fix: 'Correct what the message names. Names are case-sensitive and may appear once, in the query or in the body.',
  },
  InvalidVersion: {
    status: 400,
    message: 'Specified parameter Version is not valid.',
    cause: 'The version is not one this server speaks.',
    fix: 'Use 2018-12-01 for cr, 2015-05-01 for ram, 2015-04-01 for sts, 2019-08-15 for ims.',
  },
  'InvalidAction.NotFound': {
    status: 404,
    message: 'Specified api is not found, please check your url and method.',
    cause: 'The product has no operation of this name.',
    fix: 'Check the spelling; names are case-sensitive.',
  },
  'InvalidPath.NotFound': {
    status: 404,
    message: 'There is no ….',
    cause: 'The native API has no such path.',
    fix: 'Check the path.',
  },
  UnsupportedHTTPMethod: {
    status: 403,
    message: 'This http method is not supported.',
    cause: 'The request is neither GET nor POST.',
    fix: 'Use GET or POST.',
  },
  'InvalidAccessKeyId.NotFound': {
    status: 404,
    message: 'Specified access key is not found.',
    cause: 'The server does not know the AccessKeyId, or the session of a temporary one ended long ago.',
    fix: 'Check the key; the owner’s pair is in root.json in the data folder.',
  },
  SignatureDoesNotMatch: {
    status: 400,
    message: 'Specified signature is not matched with our calculation. server string to sign is:…',
    cause: 'The secret is wrong, or something on the way changed the signed request.',
    fix: 'Compare the string in the message with your own. If they are equal, the secret is wrong; if not, look at the first difference.',
  },
  IncompleteSignature: {
    status: 400,
    message: 'The request signature does not conform to the standard: …',
    cause: 'The Authorization header cannot be read, or does not sign everything it must.',
    fix: 'Sign host, every x-acs-* header and the body hash.',
  },
  'InvalidTimeStamp.Format': {
    status: 400,
    message: 'Specified time stamp or date value is not well formatted.',
    cause: 'The time is not written as YYYY-MM-DDThh:mm:ssZ, or there is no such time.',
    fix: 'Send UTC in exactly this form.',
  },
  'InvalidTimeStamp.Expired': {
    status: 400,
    message: 'Specified time stamp or date value is expired. The request was signed at …, … this server’s clock, ….',
    cause: 'The time of the request is more than 15 minutes away from the server clock.',
    fix: 'Set the clock of the client or of the server, whichever is wrong.',
  },
  SignatureNonceUsed: {
    status: 400,
    message: 'Specified signature nonce was used already.',
    cause: 'The same signed request came a second time.',
    fix: 'Make a new nonce for each request, also when you repeat one.',
  },
  'InvalidSecurityToken.MismatchWithAccessKey': {
    status: 400,
    message: 'Specified SecurityToken mismatch with the AccessKey.',
    cause: 'A security token came with a key that has none, or with another one.',
    fix: 'Send the token with the temporary key it was issued with, and none with a permanent key.',
  },
  'Throttling.User': {
    status: 400,
    message: 'Request was denied due to user flow control.',
    cause:
      'The caller makes more calls per second than the server allows, or its nonce memory for the last 30 minutes is full.',
    fix: 'Wait as many milliseconds as the header x-acs-retry-after says, or raise the setting calls-per-second.',
  },
  InvalidBearerToken: {
    status: 401,
    message: 'The bearer token is unknown, expired or revoked.',
    cause: 'A token is valid for one hour, and not longer than the key it was made with.',
    fix: 'Make a new one with `slipway token`.',
  },
  Throttling: {
    status: 429,
    message: 'Request was denied due to request throttling: …',
    cause: 'The caller, or the address, already has as many streams or searches open as it may have.',
    fix: 'Close one, or wait as long as Retry-After says.',
  },
  NoPrivilege: {
    status: 403,
    message: 'Access denied for this user.',
    cause: 'No policy allows this action on this resource, or one denies it.',
    fix: 'Ask for a policy with the RAM action of the operation; AccessDeniedDetail names it, and slipway policy simulate explains the decision.',
  },
  NotImplemented: {
    status: 400,
    message: 'The operation … is not implemented by this server. …',
    cause: 'The operation, or the parameter that the message names, is part of the API, but is not built yet.',
    fix: 'See unimplemented-actions.txt for the list.',
  },
  ServiceUnavailable: {
    status: 503,
    message: 'The request has failed due to a temporary failure of the server.',
    cause:
      'The server is starting or stopping, already holds as many requests as it may, cannot use its database, its bucket or its disk now, or the log of a running build is at another server; the message says which.',
    fix: 'Try again.',
  },
  SystemError: {
    status: 500,
    message: 'Unknown error.',
    cause: 'A fault of the server.',
    fix: 'Look for the RequestId in the server log.',
  },
  ...INSTANCE_ERROR_CODES,
  ...CHART_ERROR_CODES,
  ...SCAN_ERROR_CODES,
  ...SOURCE_ERROR_CODES,
  BASE_REGISTRY_NOT_EXIST: {
    status: 404,
    message: 'The registry … has no settings.',
    cause: 'There is nothing to remove: no login, no mirror and no way to reach it was set for this registry.',
    fix: 'List what was set with slipway registry list.',
  },
  BEARER_TOKEN_NOT_EXIST: {
    status: 404,
    message: 'You have no bearer token with this TokenId to revoke.',
    cause: 'The caller has no token with this TokenId, or it was revoked, or it expired after its hour.',
    fix: 'List your tokens with slipway token --list.',
  },
  BUILD_SECRET_NOT_EXIST: {
    status: 404,
    message: 'There is no build secret of this name here.',
    cause: 'No secret of this name was set for the repository, or for the instance where no repository was given.',
    fix: 'List what was set with slipway secret list, with --repository for those of a repository.',
  },
  CODE_HOST_NOT_EXIST: {
    status: 404,
    message: 'No code host of this kind is set.',
    cause: 'There is nothing to remove: the kind has its address from the settings only.',
    fix: 'List what was set with slipway source list.',
  },
  HOOK_NOT_EXIST: {
    status: 404,
    message: 'The specified hook does not exist.',
    cause: 'The address of the push event was never given out, or is no longer valid.',
    fix: 'Make a new one with slipway source hook NAMESPACE/NAME.',
  },
  HOOK_DELIVERY_NOT_EXIST: {
    status: 404,
    message: 'The specified delivery does not exist.',
    cause: 'The id is wrong, or the delivery is older than the last 100 of its repository.',
    fix: 'List the deliveries with slipway source deliveries NAMESPACE/NAME.',
  },
  HOOK_DELIVERY_EMPTY: {
    status: 400,
    message: 'The delivery reported nothing that can be built, or was refused: let the code host send it again.',
    cause: 'Only a push or a pull request that the server understood can be processed again.',
    fix: 'Fix the reason that the list shows, and let the code host send the delivery again.',
  },
  HOOK_SIGNATURE_REFUSED: {
    status: 403,
    message: 'The push event is not accepted: …',
    cause: 'It is not signed with the hook’s secret, or was changed on the way.',
    fix: 'Give the code host the secret that came with the hook’s address.',
  },
  BUILDS_DISABLED: {
    status: 403,
    message: 'This server was started with --no-builds: it accepts no builds.',
    cause:
      'The server’s setting no-builds is true: everything works but builds, sending sources, and listing the branches and tags of a source. Or its role is api, and it was asked to list branches and tags.',
    fix: 'Start the server without --no-builds and with the role all, or use another server.',
  },
  NO_GOOD_BUILD: {
    status: 404,
    message: 'No earlier build of this repository and tag succeeded, so there is nothing to compare this one with.',
    cause: 'The build is the first one, or all builds before it failed.',
    fix: 'Name the build to compare with: slipway diff ID WITH, or the parameter with.',
  },
  BUILD_RECORD_NOT_EXIST: {
    status: 404,
    message: 'The specified build record does not exist.',
    cause: 'There is no such build record in the repository.',
    fix: 'ListRepoBuildRecord lists the build records.',
  },
  BUILD_RULE_NOT_EXIST: {
    status: 404,
    message: 'The specified build rule does not exist.',
    cause: 'There is no such build rule in the repository.',
    fix: 'ListRepoBuildRule, or slipway rule list NAMESPACE/NAME, lists the build rules.',
  },
  BUILD_RULE_LIMIT_EXCEEDED: {
    status: 400,
    message: 'The repository has … build rules, which is the limit.',
    cause: 'A repository may not have more build rules.',
    fix: 'Delete a rule (DeleteRepoBuildRule), or match several branches with one expression.',
  },
  BUILD_RULE_NOT_LITERAL: {
    status: 400,
    message: "The rule's PushName … is a pattern: only a push event can choose the branch or tag.",
    cause: 'The rule of the requested build matches many branches or tags.',
    fix: 'Make a rule with a literal branch or tag, or push.',
  },
  BUILD_LOG_NOT_SEALED: {
    status: 409,
    message: 'The build has not ended: its log is being written.',
    cause: 'A log can be repaired only after its build has ended.',
    fix: 'Wait for the end of the build, or cancel it.',
  },
  InvalidRange: {
    status: 416,
    message: 'The log has … bytes; the range begins after them.',
    cause: 'A Range header asks for bytes that are not there.',
    fix: 'If the build is running, ask again later; Content-Range gives the size.',
  },
  BUILD_LOG_DAMAGED: {
    status: 500,
    message: 'The log is damaged on disk: …. Its other lines are sound: slipway log verify names what is damaged.',
    cause:
      'Bytes of the log on disk differ from what was written. A stream of it ends with this code in `event: failed`.',
    fix: 'Restore the log from a backup, or run `slipway log verify --repair ID` once its build has ended.',
  },
  BUILD_LOG_LOST: {
    status: 404,
    message: 'The log of build record … was written, but is not on disk.',
    cause:
      'The folder of the log was removed from the data folder, or the database was restored without it. An empty log would hide that.',
    fix: 'Restore the log from a backup; `slipway backup verify` says which backups have it.',
  },
  BUILD_LOG_EXPIRED: {
    status: 404,
    message: 'The log of build record … expired on ….',
    cause:
      'The log is older, or more, than log-keep-days, log-keep-builds or log-keep-mebibytes keep. The record and the failure card stay.',
    fix: 'Raise these settings to keep later logs longer; an expired log is gone.',
  },
  ...ACCOUNT_ERROR_CODES,
  ...IMAGE_ERROR_CODES,
  ...TRIGGER_ERROR_CODES,
  ...SYNC_ERROR_CODES,
  ...SUBSCRIPTION_ERROR_CODES,
  ...CHAIN_ERROR_CODES,
} as const satisfies Record<string, ErrorCode>;
