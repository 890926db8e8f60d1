import { type Policy, PolicyMistake, parsePolicy } from '#ram/policy.ts';
import { findSystemPolicy } from '#ram/system-policies.ts';
import { parseTrustPolicy } from '#ram/trust-policy.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { malformedPolicy } from '../errors.ts';

const DOCUMENT_LIMIT_CHARS = 6144;

/** Refuses a custom policy that has a system policy's name, has more than 6144 characters, or breaks the grammar. */
export function checkPolicyDocument(name: string, document: string): void {
  if (findSystemPolicy(name)) throw invalidParameter('PolicyName', `${name} is the name of a system policy.`);
  readDocument('PolicyDocument', document, parsePolicy);
}

/** Refuses a trust policy, which says who may assume a role, if it breaks the grammar. */
export function checkTrustPolicy(document: string): void {
  readDocument('AssumeRolePolicyDocument', document, parseTrustPolicy);
}

/** Reads a stored policy. It was checked when it was written, so a failure is our bug. `what` names it in the error. */
export function readStoredPolicy(what: string, document: string): Policy {
  try {
    return parsePolicy(document);
  } catch (cause) {
    throw new Error(`read ${what}`, { cause });
  }
}

function readDocument(parameter: string, document: string, parse: (text: string) => unknown): void {
  if (document.length > DOCUMENT_LIMIT_CHARS) {
    throw invalidParameter(parameter, `it has ${document.length} characters; ${DOCUMENT_LIMIT_CHARS} is the limit.`);
  }
  try {
    parse(document);
  } catch (error) {
    throw error instanceof PolicyMistake ? malformedPolicy(error) : error;
  }
}
