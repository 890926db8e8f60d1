import type { PolicyMistake } from '#ram/policy.ts';
import { accountErrorCodes } from '#rpc/account-error-codes.ts';
import { ApiError } from '#rpc/api-error.ts';

type AccountCode = keyof typeof accountErrorCodes;
type Codes<Prefix extends string> = Extract<AccountCode, `${Prefix}.${string}`>;

/** There is no such thing of that name. */
export function notExist(code: Codes<'EntityNotExist'>, name: string): ApiError {
  return named(code, name);
}

/** There is one of that name already. */
export function alreadyExists(code: Codes<'EntityAlreadyExists'>, name: string): ApiError {
  return named(code, name);
}

/** There may be no more of them. */
export function limitExceeded(code: Codes<'LimitExceeded'>, name: string): ApiError {
  return named(code, name);
}

/** Something still belongs to it. */
export function deleteConflict(code: Codes<'DeleteConflict'>, name: string): ApiError {
  return named(code, name);
}

/** A policy that does not keep to the grammar; the sentence names the place. */
export function malformedPolicy(mistake: PolicyMistake): ApiError {
  return named('InvalidParameter.PolicyDocument', mistake.message);
}

function named(code: AccountCode, name: string): ApiError {
  const { status, message } = accountErrorCodes[code];
  return new ApiError(
    code,
    status,
    message.replace('…', () => name),
  );
}
