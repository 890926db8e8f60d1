import type { PolicyMistake } from '#ram/policy.ts';
import { ACCOUNT_ERROR_CODES } from '#rpc/errors/account-error-codes.ts';
import { ApiError } from '#rpc/errors/api-error.ts';

type AccountCode = keyof typeof ACCOUNT_ERROR_CODES;
type Codes<Prefix extends string> = Extract<AccountCode, `${Prefix}.${string}`>;

/** Nothing with that name exists. */
export function notExist(code: Codes<'EntityNotExist'>, name: string): ApiError {
  return named(code, name);
}

/** The name is taken. */
export function alreadyExists(code: Codes<'EntityAlreadyExists'>, name: string): ApiError {
  return named(code, name);
}

/** The limit on their number is reached. */
export function limitExceeded(code: Codes<'LimitExceeded'>, name: string): ApiError {
  return named(code, name);
}

/** It still has something attached. */
export function deleteConflict(code: Codes<'DeleteConflict'>, name: string): ApiError {
  return named(code, name);
}

/** A policy that breaks the grammar. The message says where. */
export function malformedPolicy(mistake: PolicyMistake): ApiError {
  return named('InvalidParameter.PolicyDocument', mistake.message);
}

function named(code: AccountCode, name: string): ApiError {
  const { status, message } = ACCOUNT_ERROR_CODES[code];
  return new ApiError(
    code,
    status,
    message.replace('…', () => name),
  );
}
