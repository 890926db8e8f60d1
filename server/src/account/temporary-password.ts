import type { Principal } from '#ram/principal.ts';
import type { SecretBox } from '#rpc/context.ts';
import type { AccessKey, AccountKeys } from './account.ts';

/** The user names for a temporary password: the one in the vendor's replies, and the one in its documentation. */
export const TEMPORARY_USERS: readonly string[] = ['cr_temp_user', 'temp_user_cr'];

/** The content of a temporary password: the vendor's fields, and the key that requested it. */
interface Content {
  readonly instanceId: string;
  /** When it expires: milliseconds since 1970, as text. */
  readonly time: string;
  readonly type: 'main' | 'sub' | 'sts';
  readonly userId: string;
  readonly accessKeyId: string;
}

const PURPOSE = 'temporary password';
const LIMIT_CHARS = 1024;

/**
 * Creates a password for the registry. It is self-contained, so that nothing is stored and every server can check it:
 *
 *     base64url of the JSON of a Content | ':' | HMAC-SHA-256 of the part before the colon, 64 hex digits
 *
 * It acts for the key that requested it: at each use it has the rights that the key has then, and it ends with the key.
 */
export function mintTemporaryPassword(
  secrets: SecretBox,
  { instanceId, principal, expiresMs }: { instanceId: string; principal: Principal; expiresMs: number },
): string {
  const { type, userId } = identityOf(principal);
  const { accessKeyId } = principal;
  const content: Content = { instanceId, time: String(expiresMs), type, userId, accessKeyId };
  const text = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${text}:${secrets.mac(PURPOSE, text)}`;
}

/**
 * The key that a temporary password acts for, in its current state. Undefined if the password was altered, has expired or is
 * for another instance, or if the key is deleted or disabled. A wrong MAC costs no database read.
 */
export async function verifyTemporaryPassword(
  { secrets, keys }: { secrets: SecretBox; keys: AccountKeys },
  password: string,
  { instanceId, nowMs }: { instanceId: string; nowMs: number },
): Promise<AccessKey | undefined> {
  const content = readContent(secrets, password);
  if (content?.instanceId !== instanceId || Number(content.time) <= nowMs) return undefined;
  const key = await keys.findKey(content.accessKeyId);
  if (key?.status !== 'Active' || (key.expiresMs ?? Number.POSITIVE_INFINITY) <= nowMs) return undefined;
  // The settings may have given the owner an AccessKeyId that used to be someone else's.
  return identityOf(key.principal).userId === content.userId ? key : undefined;
}

function readContent(secrets: SecretBox, password: string): Content | undefined {
  const [, text = '', mac = ''] = /^([\w-]+):([0-9a-f]{64})$/.exec(password.slice(0, LIMIT_CHARS)) ?? [];
  if (text === '' || !secrets.isMac(PURPOSE, text, mac)) return undefined;
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Content;
}

function identityOf(principal: Principal): Pick<Content, 'type' | 'userId'> {
  if (principal.kind === 'root') return { type: 'main', userId: principal.accountId };
  if (principal.kind === 'user') return { type: 'sub', userId: principal.userId };
  return { type: 'sts', userId: `${principal.roleId}:${principal.sessionName}` };
}
