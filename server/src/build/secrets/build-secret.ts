import { invalidParameter } from '#rpc/api-error.ts';

/** A secret that `RUN --mount=type=secret,id=NAME` shows to a step; its value is never given out. */
export interface BuildSecret {
  /** The repository whose builds may mount it; undefined: those of all repositories. */
  repoId: string | undefined;
  name: string;
  createdMs: number;
  modifiedMs: number;
}

/** What all secrets of one build may have together: they stand in its box's memory. */
export const SECRETS_SUM_LIMIT_BYTES = 256 * 1024;

const VALUE_LIMIT_BYTES = 16 * 1024;
/** Shorter values cannot be kept out of logs (docs/security.md). */
const VALUE_MIN_CHARACTERS = 6;

/** What a secret may be called: it is the id of a mount and the name of a file. */
export const SECRET_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Throws `InvalidParameter` unless a text can be the name of a secret. */
export function parseSecretName(text: string): string {
  if (SECRET_NAME.test(text)) return text;
  throw invalidParameter(
    'the name in the path',
    'it is not a letter or digit, followed by up to 63 letters, digits, dots, dashes and underscores.',
  );
}

/** Throws `InvalidParameter` unless a text can be kept out of logs and mounted; it is not shown. */
export function parseSecretValue(text: string, field = 'Value'): string {
  if (text.trim().length < VALUE_MIN_CHARACTERS)
    throw invalidParameter(
      field,
      `it is shorter than ${VALUE_MIN_CHARACTERS} characters, too short to be masked in logs.`,
    );
  if (Buffer.byteLength(text) > VALUE_LIMIT_BYTES)
    throw invalidParameter(field, `it is longer than ${VALUE_LIMIT_BYTES} bytes.`);
  if (text.includes('\0') || !text.isWellFormed())
    throw invalidParameter(field, 'it is not text; encode it, as base64 for example, and decode it in the step.');
  return text;
}
