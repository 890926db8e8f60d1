import { ApiError, invalidParameter } from '#rpc/errors/api-error.ts';
import { parseSshKey } from '#source/hosts/ssh-key.ts';
import type { BuildOptions } from '../build-options.ts';
import { parseSecretValue, SECRET_NAME, SECRETS_SUM_LIMIT_BYTES } from '../secrets/build-secret.ts';

/** Secrets sent with one build and kept only for it, each under the id that mounts use. */
export interface GivenSecrets {
  /** For `RUN --mount=type=secret`. */
  secrets: Record<string, string>;
  /** Private keys in OpenSSH's format, for `RUN --mount=type=ssh`. */
  sshKeys: Record<string, string>;
}

type GivenTexts = Readonly<Record<string, string>>;

const SECRETS_LIMIT = 64;
const SSH_KEYS_LIMIT = 8;

/** Parses the secrets in a request, by id. Throws `InvalidParameter` that shows no value. */
export function parseSecrets(given: GivenTexts, field: string): Record<string, string> {
  const entries = parseEntries(given, field, SECRETS_LIMIT).map(([id, value]) => {
    return [id, parseSecretValue(value, `${field}.${id}`)] as const;
  });
  const sumBytes = entries.reduce((sum, [, value]) => sum + Buffer.byteLength(value), 0);
  if (sumBytes > SECRETS_SUM_LIMIT_BYTES)
    throw invalidParameter(
      field,
      `they have ${sumBytes} bytes in all; ${SECRETS_SUM_LIMIT_BYTES} is the limit per build.`,
    );
  return Object.fromEntries(entries);
}

/** Parses the SSH keys in a request, by id. Throws `InvalidParameter` that shows no key. */
export function parseSshKeys(given: GivenTexts, field: string): Record<string, string> {
  const keys = parseEntries(given, field, SSH_KEYS_LIMIT);
  return Object.fromEntries(keys.map(([id, value]) => [id, parseSshKey(value, `${field}.${id}`).privateKey]));
}

function parseEntries(given: GivenTexts, field: string, limit: number): [id: string, value: string][] {
  const entries = Object.entries(given);
  if (entries.length > limit) throw invalidParameter(field, `it has ${entries.length} entries; ${limit} is the limit.`);
  for (const [id] of entries) {
    if (!SECRET_NAME.test(id))
      throw invalidParameter(
        field,
        `${JSON.stringify(id).slice(0, 80)} is not an id: use a letter or digit, followed by up to 63 letters, digits, dots, dashes and underscores.`,
      );
  }
  return entries;
}

/** Refuses to repeat a build that was sent its own secrets, because they were removed when it ended. */
export function refuseLostSecrets({ secretIds = [], sshIds = [] }: BuildOptions): void {
  const lost = [...secretIds.map((id) => `--secret id=${id}`), ...sshIds.map((id) => `--ssh ${id}`)];
  if (lost.length === 0) return;
  throw new ApiError(
    'BUILD_SECRET_NOT_EXIST',
    404,
    `The build was given its own secrets, which are not kept: ${lost.join(', ')}. Start it with slipway build and give them again.`,
  );
}
