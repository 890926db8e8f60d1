import type { Selectable } from 'kysely';
import { authorText, parseAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { contains } from '#db/engine.ts';
import { type PageRange, readPage } from '#db/read-page.ts';
import type { ScanTable } from '#db/schema/scan-schema.ts';
import { transaction } from '#db/transaction.ts';
import { insertEvent } from '#event/event-store.ts';
import type { Finding, SeverityCounts } from './advisory/finding.ts';
import { scanTaskNotFound } from './errors.ts';
import type { Scan } from './scan.ts';
import type { ScanType } from './scan-type.ts';

/** How many scans of an image are kept, so that a result can still be read by its id after later scans. */
const KEPT_SCANS = 5;
const ROWS = 200;

export async function insertScan(
  db: Database,
  scan: Pick<Scan, 'scanId' | 'instanceId' | 'repoId' | 'digest' | 'type' | 'scanner' | 'author'> & {
    by: string;
    nowMs: number;
  },
): Promise<void> {
  const { scanId, instanceId, repoId, digest, type, scanner, author, by, nowMs } = scan;
  await db
    .insertInto('scan')
    .values({
      scan_id: scanId,
      instance_id: instanceId,
      repo_id: repoId,
      digest,
      scan_type: type,
      status: 'SCANNING',
      requested_by: by,
      created_ms: nowMs,
      scanner,
      author: authorText(author),
    })
    .execute();
  const old = await db
    .selectFrom('scan')
    .select('scan_id')
    .where('repo_id', '=', repoId)
    .where('digest', '=', digest)
    .where('scan_type', '=', type)
    .where('status', 'in', ['COMPLETE', 'FAILED'])
    .orderBy('sequence', 'desc')
    .offset(KEPT_SCANS)
    .limit(ROWS)
    .execute();
  for (const { scan_id } of old) await removeScan(db, scan_id);
}

/** The last scan of an image. Throws SCAN_TASK_NOT_EXIST. */
export async function getLastScan(
  db: Database,
  image: { repoId: string; digest: string; type: ScanType },
): Promise<Scan> {
  const scan = await findLastScan(db, image);
  if (scan === undefined) throw scanTaskNotFound();
  return scan;
}

export async function findLastScan(
  db: Database,
  { repoId, digest, type }: { repoId: string; digest: string; type: ScanType },
): Promise<Scan | undefined> {
  const row = await db
    .selectFrom('scan')
    .selectAll()
    .where('repo_id', '=', repoId)
    .where('digest', '=', digest)
    .where('scan_type', '=', type)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The last scans of images, each at most once. */
export async function listLastScans(
  db: Database,
  { repoId, digests, type }: { repoId: string; digests: readonly string[]; type: ScanType },
): Promise<Scan[]> {
  if (digests.length === 0) return [];
  const last = db
    .selectFrom('scan')
    .select((eb) => eb.fn.max('sequence').as('sequence'))
    .where('repo_id', '=', repoId)
    .where('digest', 'in', [...digests])
    .where('scan_type', '=', type)
    .groupBy('digest');
  return (await db.selectFrom('scan').selectAll().where('sequence', 'in', last).execute()).map(fromRow);
}

export async function findScan(db: Database, instanceId: string, scanId: string): Promise<Scan | undefined> {
  const row = await db
    .selectFrom('scan')
    .selectAll()
    .where('scan_id', '=', scanId)
    .where('instance_id', '=', instanceId)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Records that a failed scan is tried again. */
export async function noteRetry(db: Database, scanId: string): Promise<void> {
  await db
    .updateTable('scan')
    .set({ status: 'RETRYING' })
    .where('scan_id', '=', scanId)
    .where('status', '=', 'SCANNING')
    .execute();
}

/** The result of a complete scan. */
export interface ScanResult {
  /** Undefined for an SBOM, which uses none. */
  database: { version: string; dataMs: number | undefined } | undefined;
  counts: SeverityCounts;
  unchecked: readonly string[];
}

/** Ends a scan, in the caller's transaction, with its event. */
export async function endScan(
  db: Database,
  scanId: string,
  end: ScanResult | { failure: string },
  nowMs: number,
): Promise<void> {
  const changes =
    'failure' in end
      ? { status: 'FAILED', reason: end.failure }
      : {
          status: 'COMPLETE',
          reason: null,
          counts: JSON.stringify(end.counts),
          database_version: end.database?.version ?? null,
          database_ms: end.database?.dataMs ?? null,
          unchecked: JSON.stringify(end.unchecked),
        };
  const row = await db
    .updateTable('scan')
    .set({ ...changes, ended_ms: nowMs })
    .where('scan_id', '=', scanId)
    .returning(['repo_id', 'digest', 'scan_type', 'status'])
    .executeTakeFirst();
  // Its repository was deleted.
  if (row === undefined) return;
  const body = { scanId, repoId: row.repo_id, digest: row.digest, scanType: row.scan_type, status: row.status };
  await insertEvent(db, 'scan_finished', body, nowMs);
}

/** Stores the findings of a scan in the order of lists, replacing those of an earlier attempt. */
export async function replaceFindings(db: Database, scanId: string, findings: readonly Finding[]): Promise<void> {
  await transaction(db, async (db) => {
    await db.deleteFrom('scan_finding').where('scan_id', '=', scanId).execute();
    for (let from = 0; from < findings.length; from += ROWS) {
      const rows = findings.slice(from, from + ROWS).map((finding, at) => ({
        scan_id: scanId,
        position: from + at,
        name: finding.name,
        severity: finding.severity,
        kind: finding.kind,
        search: [finding.name, finding.alias, finding.package, finding.path].join('\n').toLowerCase(),
        body: JSON.stringify(finding),
      }));
      await db.insertInto('scan_finding').values(rows).execute();
    }
  });
}

/** Which findings of a scan to list. */
export interface FindingFilter {
  severity?: string | undefined;
  kind?: string | undefined;
  /** A part of a name, package or path, ignoring case. */
  search?: string | undefined;
}

export async function listFindings(
  db: Database,
  scanId: string,
  filter: FindingFilter,
  page: PageRange,
): Promise<{ findings: Finding[]; total: number }> {
  const { severity, kind, search } = filter;
  let query = db.selectFrom('scan_finding').where('scan_id', '=', scanId);
  if (severity !== undefined) query = query.where('severity', '=', severity);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (search !== undefined) query = query.where(contains('search', search.toLowerCase()));
  const { rows, total } = await readPage(query.select('body').orderBy('position'), page);
  return { findings: rows.map(({ body }) => JSON.parse(body) as Finding), total };
}

/** Which of some vulnerabilities a scan found, by their name or another name that they have; ignoring case. */
export async function findFindingsNamed(db: Database, scanId: string, names: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('scan_finding')
    .select('body')
    .where('scan_id', '=', scanId)
    .where(({ or }) => or(names.map((name) => contains('search', name.toLowerCase()))))
    .execute();
  const found = new Set<string>();
  for (const { body } of rows) {
    const { name, alias } = JSON.parse(body) as Finding;
    for (const each of [name, ...alias.split(',')]) found.add(each.trim().toLowerCase());
  }
  return names.filter((name) => found.has(name.toLowerCase()));
}

/** Removes the scans of a repository, in the transaction that deletes it. */
export async function removeScansOf(db: Database, repoId: string): Promise<void> {
  const scans = await db.selectFrom('scan').select('scan_id').where('repo_id', '=', repoId).execute();
  for (const { scan_id } of scans) await removeScan(db, scan_id);
}

async function removeScan(db: Database, scanId: string): Promise<void> {
  await db.deleteFrom('scan_finding').where('scan_id', '=', scanId).execute();
  await db.deleteFrom('scan').where('scan_id', '=', scanId).execute();
}

function fromRow(row: Selectable<ScanTable>): Scan {
  const version = row.database_version;
  return {
    scanId: row.scan_id,
    instanceId: row.instance_id,
    repoId: row.repo_id,
    digest: row.digest,
    type: row.scan_type as ScanType,
    status: row.status as Scan['status'],
    reason: row.reason ?? undefined,
    createdMs: row.created_ms,
    author: parseAuthor(row.author),
    endedMs: row.ended_ms ?? undefined,
    scanner: row.scanner,
    database: version === null ? undefined : { version, dataMs: row.database_ms ?? undefined },
    counts: row.counts === null ? undefined : JSON.parse(row.counts),
    unchecked: row.unchecked === null ? [] : JSON.parse(row.unchecked),
  };
}
