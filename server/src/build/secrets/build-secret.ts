import { invalidParameter } from '#rpc/errors/api-error.ts';

/** A secret that `RUN --mount=type=secret,id=NAME` makes visible to a step. The API never returns its value. */
export interface BuildSecret {
  /** The repository whose builds may mount it; undefined means all repositories. */
  repoId: string | undefined;
  name: string;
  createdMs: number;
  modifiedMs: number;
}

/** The maximum total size of a build's secrets, which are kept in the sandbox's memory. */
export const SECRETS_SUM_LIMIT_BYTES = 256 * 1024;

const VALUE_LIMIT_BYTES = 16 * 1024;
/** Shorter values cannot be masked in logs (docs/security.md). */
const VALUE_MIN_CHARACTERS = 6;

/** The valid names of secrets. A name is the id of a mount and the name of a file. */
export const SECRET_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Parses the name of a secret. Throws `InvalidParameter`. */
export function parseSecretName(text: string): string {
  if (SECRET_NAME.test(text)) return text;
  throw invalidParameter(
    'the name in the path',
    'it must be a letter or digit, followed by up to 63 letters, digits, dots, dashes and underscores.',
  );
}

/** Checks that a value can be masked in logs and mounted. Throws `InvalidParameter`, without showing the value. */
export function parseSecretValue(text: string, field = 'Value'): string {
  if (text.trim().length < VALUE_MIN_CHARACTERS)
    throw invalidParameter(
      field,
      `it is shorter than ${VALUE_MIN_CHARACTERS} characters, too short to be masked in logs.`,
    );
  if (Buffer.byteLength(text) > VALUE_LIMIT_BYTES)
    throw invalidParameter(field, `it is longer than ${VALUE_LIMIT_BYTES} bytes.`);
  if (text.includes('\0') || !text.isWellFormed())
    throw invalidParameter(field, 'it is not text; encode it, for example as base64, and decode it in the step.');
  return text;
}
