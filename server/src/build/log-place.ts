import type { Database } from '#db/database.ts';
import { preparedRead } from '#db/prepared-read.ts';
import { instanceNotExist } from '#instance/errors.ts';
import { repositoryNotFound } from '#repository/errors.ts';
import { buildRecordNotFound } from './errors.ts';

/** Which log is wanted: a record with the repository and the instance that it must belong to. */
export interface LogPlace {
  readonly instanceId: string;
  readonly repoId: string;
  readonly buildRecordId: string;
}

/** One read for the three, since every page of every log asks it. */
const readPlace = preparedRead(
  (db, forInstance: string, inInstance: string, repoId: string, ofInstance: string, ofRepo: string, record: string) =>
    db.selectNoFrom((eb) => [
      eb
        .selectFrom('instance')
        .select('instance.instance_id')
        .where('instance.instance_id', '=', forInstance)
        .as('instance'),
      eb
        .selectFrom('repository')
        .select('repository.repo_id')
        .where('repository.instance_id', '=', inInstance)
        .where('repository.repo_id', '=', repoId)
        .as('repository'),
      eb
        .selectFrom('build_record')
        .select('build_record.build_record_id')
        .where('build_record.instance_id', '=', ofInstance)
        .where('build_record.repo_id', '=', ofRepo)
        .where('build_record.build_record_id', '=', record)
        .as('record'),
    ]),
  ['instance 1', 'instance 2', 'repository 2', 'instance 3', 'repository 3', 'record 3'],
);

/**
 * The id under which the log of a record is kept. Throws INSTANCE_NOT_EXIST, REPO_NOT_EXIST or
 * BUILD_RECORD_NOT_EXIST, the first that is so.
 */
export async function getLogId(db: Database, { instanceId, repoId, buildRecordId }: LogPlace): Promise<string> {
  const id = buildRecordId.toLowerCase();
  const [row] = await readPlace(db, instanceId, instanceId, repoId, instanceId, repoId, id);
  if (!row || row.instance === null) throw instanceNotExist(instanceId);
  if (row.repository === null) throw repositoryNotFound();
  if (row.record === null) throw buildRecordNotFound();
  return row.record;
}
