import { ApiError, invalidParameter } from '#rpc/errors/api-error.ts';
import type { Params } from '#rpc/operation.ts';

/** The rules for console passwords. */
export interface PasswordPolicy {
  readonly minimumLength: number;
  readonly requireLowercase: boolean;
  readonly requireUppercase: boolean;
  readonly requireNumbers: boolean;
  readonly requireSymbols: boolean;
  readonly minimumDifferentCharacters: number;
  readonly mayContainUserName: boolean;
  /** The number of previous passwords that cannot be reused; 0 is none. */
  readonly reusePrevention: number;
  /** 0 means that passwords do not expire. */
  readonly maxAgeDays: number;
  /** Whether an expired password is refused. Otherwise it can still be used to set a new one. */
  readonly hardExpiry: boolean;
  /** The number of wrong passwords allowed within an hour; 0 is any number. */
  readonly maxFailures: number;
}

/** The vendor's defaults. */
export const DEFAULT_PASSWORD_POLICY: PasswordPolicy = {
  minimumLength: 8,
  requireLowercase: false,
  requireUppercase: false,
  requireNumbers: false,
  requireSymbols: false,
  minimumDifferentCharacters: 0,
  mayContainUserName: true,
  reusePrevention: 0,
  maxAgeDays: 0,
  hardExpiry: false,
  maxFailures: 0,
};

const RANGES = {
  MinimumPasswordLength: [8, 32],
  MinimumPasswordDifferentCharacter: [0, 8],
  PasswordReusePrevention: [0, 24],
  MaxPasswordAge: [0, 1095],
  MaxLoginAttemps: [0, 32],
} as const;

/** The policy with the sent fields applied. Throws InvalidParameter for a number out of range. */
export function changedPasswordPolicy(
  old: PasswordPolicy,
  sent: Partial<Params<'SetPasswordPolicy'> & Params<'ims.SetPasswordPolicy'>>,
): PasswordPolicy {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = sent[name as keyof typeof RANGES];
    if (value !== undefined && (value < least || value > most)) {
      throw invalidParameter(name, `${value} is not from ${least} to ${most}.`);
    }
  }
  const { PasswordNotContainUserName: notName } = sent;
  return {
    minimumLength: sent.MinimumPasswordLength ?? old.minimumLength,
    requireLowercase: sent.RequireLowercaseCharacters ?? old.requireLowercase,
    requireUppercase: sent.RequireUppercaseCharacters ?? old.requireUppercase,
    requireNumbers: sent.RequireNumbers ?? old.requireNumbers,
    requireSymbols: sent.RequireSymbols ?? old.requireSymbols,
    minimumDifferentCharacters: sent.MinimumPasswordDifferentCharacter ?? old.minimumDifferentCharacters,
    mayContainUserName: notName === undefined ? old.mayContainUserName : !notName,
    reusePrevention: sent.PasswordReusePrevention ?? old.reusePrevention,
    maxAgeDays: sent.MaxPasswordAge ?? old.maxAgeDays,
    hardExpiry: sent.HardExpiry ?? sent.HardExpire ?? old.hardExpiry,
    maxFailures: sent.MaxLoginAttemps ?? old.maxFailures,
  };
}

/** Throws `InvalidParameter.Password` that names the rule the password breaks. */
export function checkPassword(policy: PasswordPolicy, password: string, userName: string): void {
  const { minimumLength, minimumDifferentCharacters } = policy;
  const mistakes: [broken: boolean, rule: string][] = [
    [password.length < minimumLength, `it has ${password.length} characters; at least ${minimumLength} are required`],
    [policy.requireLowercase && !/\p{Ll}/u.test(password), 'it has no lower-case letter'],
    [policy.requireUppercase && !/\p{Lu}/u.test(password), 'it has no upper-case letter'],
    [policy.requireNumbers && !/\p{Nd}/u.test(password), 'it has no digit'],
    [policy.requireSymbols && !/[^\p{L}\p{Nd}]/u.test(password), 'it has no character other than letters and digits'],
    [
      new Set(password).size < minimumDifferentCharacters,
      `it has fewer than ${minimumDifferentCharacters} different characters`,
    ],
    [
      !policy.mayContainUserName && password.toLowerCase().includes(userName.toLowerCase()),
      "it contains the user's name",
    ],
  ];
  const [, rule] = mistakes.find(([broken]) => broken) ?? [];
  if (rule !== undefined) throw refusedPassword(rule);
}

/** The refusal of a new password. It never contains the password. */
export function refusedPassword(rule: string): ApiError {
  return new ApiError('InvalidParameter.Password', 400, `The Password does not meet the password policy: ${rule}.`);
}

/** The policy, as product ram returns it. */
export function passwordPolicyReply(policy: PasswordPolicy) {
  return {
    MinimumPasswordLength: policy.minimumLength,
    RequireLowercaseCharacters: policy.requireLowercase,
    RequireUppercaseCharacters: policy.requireUppercase,
    RequireNumbers: policy.requireNumbers,
    RequireSymbols: policy.requireSymbols,
    HardExpiry: policy.hardExpiry,
    MaxPasswordAge: policy.maxAgeDays,
    PasswordReusePrevention: policy.reusePrevention,
    MaxLoginAttemps: policy.maxFailures,
  };
}

/** The policy, as product ims returns it: with two more rules, and another name for one. */
export function imsPasswordPolicyReply(policy: PasswordPolicy) {
  const { HardExpiry, ...same } = passwordPolicyReply(policy);
  return {
    ...same,
    HardExpire: HardExpiry,
    MinimumPasswordDifferentCharacter: policy.minimumDifferentCharacters,
    PasswordNotContainUserName: !policy.mayContainUserName,
  };
}
