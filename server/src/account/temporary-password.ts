import type { Principal } from '#ram/principal.ts';
import type { SecretBox } from '#rpc/context.ts';
import type { AccessKey, AccountKeys } from './account.ts';

/** The user names that go with a temporary password: the one that is answered, and the one that the vendor's document prints. */
export const TEMPORARY_USERS: readonly string[] = ['cr_temp_user', 'temp_user_cr'];

/** What a temporary password says: the form of the vendor's, and which key asked for it. */
interface Content {
  readonly instanceId: string;
  /** When it ends: milliseconds since 1970, as text. */
  readonly time: string;
  readonly type: 'main' | 'sub' | 'sts';
  readonly userId: string;
  readonly accessKeyId: string;
}

const PURPOSE = 'temporary password';
const LIMIT_CHARS = 1024;

/**
 * A password for the registry that holds all there is to know, so that nothing is stored and every server can check it:
 *
 *     base64url of the JSON of a Content | ':' | HMAC-SHA-256 of what stands before the colon, 64 hex digits
 *
 * It stands for the key that asked: it has the rights that this key has whenever it is used, and ends with it.
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
 * The key that a temporary password stands for, as it is now; undefined where the password is changed, over or of another
 * instance, or the key is gone or switched off. What has no right MAC costs no read of the database.
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
  // An AccessKeyId that the settings give to the owner may have been somebody else's.
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
