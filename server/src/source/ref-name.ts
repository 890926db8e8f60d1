const LIMIT_BYTES = 250;

/** What git-check-ref-format(1) does not allow in the name of a branch or tag, and how to say it. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'it is empty'],
  [/^-/, 'it begins with -'],
  [/^HEAD$|^@$/, 'Git keeps that name for itself'],
  [/[\0-\x20\x7f]/, 'a space or a control character is in it'],
  [/[~^:?*[\\]/, 'one of ~ ^ : ? * [ \\ is in it'],
  [/\.\./, '.. is in it'],
  [/@\{/, '@{ is in it'],
  [/^\/|\/$|\/\//, 'a part between its slashes is empty'],
  [/^\.|\/\./, 'a part of it begins with a dot'],
  [/\.$/, 'it ends with a dot'],
  [/\.lock$|\.lock\//, 'a part of it ends with .lock'],
];

/**
 * Why a text cannot be the name of a branch or tag, or undefined if it can: the rules are Git's own, for branches, beside a
 * limit of length. Whoever hands a name to git puts `refs/heads/` or `refs/tags/` before it, so that none is an option.
 */
export function refNameMistake(name: string): string | undefined {
  if (Buffer.byteLength(name) > LIMIT_BYTES) return `it is longer than ${LIMIT_BYTES} bytes`;
  if (!name.isWellFormed()) return 'it is no valid Unicode';
  return RULES.find(([pattern]) => pattern.test(name))?.[1];
}

/** Whether a text can be the name of a branch or tag. */
export function isRefName(name: string): boolean {
  return refNameMistake(name) === undefined;
}

/** Whether a text is the whole id of a commit, in a repository with SHA-1 or with SHA-256 ids. */
export function isWholeId(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** A name as a line of a log shows it: what moves the text around it stands there as its code. */
export function shownRef(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}
