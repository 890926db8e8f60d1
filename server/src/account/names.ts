import { randomInt } from 'node:crypto';
import { invalidParameter } from '#rpc/errors/api-error.ts';

const RULES = {
  UserName: [64, /^[A-Za-z0-9._@-]+$/, 'letters, digits, dots, @, - and _'],
  GroupName: [64, /^[A-Za-z0-9-]+$/, 'letters, digits and -'],
  RoleName: [64, /^[A-Za-z0-9.-]+$/, 'letters, digits, dots and -'],
  PolicyName: [128, /^[A-Za-z0-9-]+$/, 'letters, digits and -'],
} as const;

/** Refuses a name that could mean something else in an ARN or a pattern. `parameter` is the name of the request parameter. */
export function checkName(kind: keyof typeof RULES, name: string, parameter: string = kind): void {
  const [limit, pattern, allowed] = RULES[kind];
  if (name.length > limit || !pattern.test(name)) {
    throw invalidParameter(parameter, `${JSON.stringify(name.slice(0, 200))} must be 1 to ${limit} ${allowed}.`);
  }
}

/** Whether this is a valid user name. */
export function isUserName(name: string): boolean {
  const [limit, pattern] = RULES.UserName;
  return name.length <= limit && pattern.test(name);
}

/** Refuses a text that is longer than the vendor allows. */
export function checkLength(parameter: string, text: string | undefined, limit: number): void {
  if (text !== undefined && text.length > limit) {
    throw invalidParameter(parameter, `it has ${text.length} characters; ${limit} is the limit.`);
  }
}

/** A new id for a user, group or role: 18 digits, like the vendor's. */
export function newNumericId(): string {
  return `${randomInt(100_000_000, 999_999_999)}${String(randomInt(0, 999_999_999)).padStart(9, '0')}`;
}

/** A time in the format of RAM and STS: UTC, to the second. */
export function ramTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
