import type { Database } from '#db/database.ts';
import { getGroup } from '../group-store.ts';
import { getRole } from '../role-store.ts';
import { getUser } from '../user-store.ts';
import type { AttachmentTarget } from './attachment-store.ts';

/** The user, group or role with this name, as a target. Throws EntityNotExist.User, .Group or .Role. */
export async function getTarget(db: Database, kind: AttachmentTarget['kind'], name: string): Promise<AttachmentTarget> {
  if (kind === 'user') return { kind, name, id: (await getUser(db, name)).user_id };
  if (kind === 'group') return { kind, name, id: (await getGroup(db, name)).group_id };
  return { kind, name, id: (await getRole(db, name)).role_id };
}
