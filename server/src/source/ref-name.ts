const LIMIT_BYTES = 250;

/** What git-check-ref-format(1) does not allow in the name of a branch or tag, with messages. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'it is empty'],
  [/^-/, 'it begins with -'],
  [/^HEAD$|^@$/, 'Git reserves that name'],
  [/[\0-\x20\x7f]/, 'it contains a space or a control character'],
  [/[~^:?*[\\]/, 'it contains one of ~ ^ : ? * [ \\'],
  [/\.\./, 'it contains ..'],
  [/@\{/, 'it contains @{'],
  [/^\/|\/$|\/\//, 'a part between its slashes is empty'],
  [/^\.|\/\./, 'a part of it begins with a dot'],
  [/\.$/, 'it ends with a dot'],
  [/\.lock$|\.lock\//, 'a part of it ends with .lock'],
];

/**
 * Why a text cannot be the name of a branch or tag, or undefined if it can. The rules are Git's own for branches, plus a length
 * limit. Code that passes a name to git must put `refs/heads/` or `refs/tags/` before it, so that it cannot act as an option.
 */
export function refNameMistake(name: string): string | undefined {
  if (Buffer.byteLength(name) > LIMIT_BYTES) return `it is longer than ${LIMIT_BYTES} bytes`;
  if (!name.isWellFormed()) return 'it is not valid Unicode';
  return RULES.find(([pattern]) => pattern.test(name))?.[1];
}

/** Whether a text can be the name of a branch or tag. */
export function isRefName(name: string): boolean {
  return refNameMistake(name) === undefined;
}

/** Whether a text is a full commit id, SHA-1 or SHA-256. */
export function isWholeId(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** A name as shown in a log line: characters that would change the layout of the text around it are escaped. */
export function shownRef(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}
