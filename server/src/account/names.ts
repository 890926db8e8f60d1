import { randomInt } from 'node:crypto';
import { invalidParameter } from '#rpc/api-error.ts';

const RULES = {
  UserName: [64, /^[A-Za-z0-9._@-]+$/, 'letters, digits, points, @, - and _'],
  GroupName: [64, /^[A-Za-z0-9-]+$/, 'letters, digits and -'],
  RoleName: [64, /^[A-Za-z0-9.-]+$/, 'letters, digits, points and -'],
  PolicyName: [128, /^[A-Za-z0-9-]+$/, 'letters, digits and -'],
} as const;

/** Refuses a name that could pass for more than itself in an ARN or a pattern; `parameter` is how it was sent. */
export function checkName(kind: keyof typeof RULES, name: string, parameter: string = kind): void {
  const [limit, pattern, allowed] = RULES[kind];
  if (name.length > limit || !pattern.test(name)) {
    throw invalidParameter(parameter, `${JSON.stringify(name.slice(0, 200))} has other than 1 to ${limit} ${allowed}.`);
  }
}

/** Whether a user could have this name. */
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

/** An id of a user, group or role: 18 digits, as the vendor's are. */
export function newNumericId(): string {
  return `${randomInt(100_000_000, 999_999_999)}${String(randomInt(0, 999_999_999)).padStart(9, '0')}`;
}

/** A time as RAM and STS write it: UTC to the second. */
export function ramTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
