import type { Database } from '#db/database.ts';
import { taggedNotFound } from './errors.ts';
import { findInstance } from './instance-store.ts';
import { givenIds } from './instance-tag.ts';

/** The instances that a call about tags names. Throws InvalidResourceId.NotFound for the first that does not exist. */
export async function taggedInstances(db: Database, ids: readonly string[] | undefined): Promise<readonly string[]> {
  const given = givenIds(ids);
  for (const id of given) if (!(await findInstance(db, id))) throw taggedNotFound(id);
  return given;
}
