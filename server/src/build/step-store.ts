import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { BuildStepTable } from '#db/schema/build-schema.ts';
import { transaction } from '#db/transaction.ts';
import type { BuildStep } from './build-step.ts';
import { heldBy, type LeaseHolder } from './lease-holder.ts';

/** A statement can have at most 32,766 values, and a row has fourteen. */
const ROWS_AT_ONCE = 1000;
const COUNT_LIMIT = 1_000_000;

/** Inserts or replaces steps of a build. Returns false if the holder no longer has the record. */
export async function saveBuildSteps(db: Database, holder: LeaseHolder, steps: readonly BuildStep[]): Promise<boolean> {
  const rows = steps.map((step) => toRow(holder.buildRecordId, step));
  return transaction(db, async (db) => {
    const held = await db.selectFrom('build_record').select('sequence').where(heldBy(holder)).executeTakeFirst();
    if (held === undefined) return false;
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) await saveRows(db, rows.slice(at, at + ROWS_AT_ONCE));
    return true;
  });
}

/** The steps of a build, in order. */
export async function listBuildSteps(db: Database, buildRecordId: string): Promise<BuildStep[]> {
  const rows = await db
    .selectFrom('build_step')
    .selectAll()
    .where('build_record_id', '=', buildRecordId)
    .orderBy('step')
    .execute();
  return rows.map(fromRow);
}

/** Ends the steps that a lost build was running. How they ended is unknown. */
export async function endOpenSteps(db: Database, buildRecordId: string, endedMs: number): Promise<void> {
  await db
    .updateTable('build_step')
    .set({ ended_ms: endedMs })
    .where('build_record_id', '=', buildRecordId)
    .where('ended_ms', 'is', null)
    .execute();
}

async function saveRows(db: Database, rows: BuildStepTable[]): Promise<void> {
  await db
    .insertInto('build_step')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['build_record_id', 'step']).doUpdateSet((eb) => ({
        instruction: eb.ref('excluded.instruction'),
        cached: eb.ref('excluded.cached'),
        ended_ms: eb.ref('excluded.ended_ms'),
        exit_code: eb.ref('excluded.exit_code'),
      })),
    )
    .execute();
}

function toRow(buildRecordId: string, step: BuildStep): BuildStepTable {
  return {
    build_record_id: buildRecordId,
    step: step.step,
    stage: capped(step.stage),
    stage_count: capped(step.stageCount),
    stage_name: step.stageName ?? null,
    number: capped(step.number),
    number_count: capped(step.numberCount),
    instruction: step.instruction,
    cached: step.cached ? 1 : 0,
    started_ms: step.startedMs,
    ended_ms: step.endedMs ?? null,
    exit_code: step.exitCode ?? null,
    platform: step.platform ?? null,
    target_platform: step.targetPlatform ?? null,
  };
}

/** The builder's counts are parsed from text, so they can be any number. */
function capped(count: number): number {
  return Math.min(count, COUNT_LIMIT);
}

function fromRow(row: Selectable<BuildStepTable>): BuildStep {
  return {
    step: row.step,
    stage: row.stage,
    stageCount: row.stage_count,
    ...(row.stage_name === null ? {} : { stageName: row.stage_name }),
    number: row.number,
    numberCount: row.number_count,
    instruction: row.instruction,
    cached: row.cached === 1,
    startedMs: row.started_ms,
    endedMs: row.ended_ms ?? undefined,
    exitCode: row.exit_code ?? undefined,
    ...(row.platform === null ? {} : { platform: row.platform }),
    ...(row.target_platform === null ? {} : { targetPlatform: row.target_platform }),
  };
}
