import { createHash } from 'node:crypto';
import type { Database } from '#db/database.ts';
import { transaction } from '#db/transaction.ts';
import { listDueRules, takeDueRule } from './subscription-rule-store.ts';
import { beginTask } from './subscription-task-store.ts';

const RULES_AT_ONCE = 100;

/**
 * Begins the runs of rules that are due, in the order of their dates. Of several servers that see a date pass, one begins its run.
 * Returns how many runs it began.
 */
export async function beginDueTasks(
  db: Database,
  { everyMs, nowMs, newId }: { everyMs: number; nowMs: number; newId(prefix: string): string },
): Promise<number> {
  let begun = 0;
  for (;;) {
    const due = await listDueRules(db, nowMs, RULES_AT_ONCE);
    for (const rule of due) {
      const isBegun = await transaction(db, async (trx) => {
        const nextMs = nextRunMs(rule.ruleId, everyMs, nowMs);
        if (!(await takeDueRule(trx, rule, { nowMs, nextMs }))) return false;
        const { ruleId, author } = rule;
        await beginTask(trx, rule, { taskId: newId('crast'), type: 'AUTO', askedBy: ruleId, author, nowMs });
        return true;
      });
      if (isBegun) begun += 1;
    }
    if (due.length < RULES_AT_ONCE) return begun;
  }
}

/**
 * When a rule runs after a run that begins now: after half an interval to one and a half. Each rule has its own time within the interval,
 * so rules that were made together do not run together.
 */
export function nextRunMs(ruleId: string, everyMs: number, nowMs: number): number {
  const phaseMs = createHash('sha256').update(ruleId).digest().readUInt32BE(0) % everyMs;
  const earliestMs = nowMs + Math.floor(everyMs / 2);
  const sinceMs = (((earliestMs - phaseMs) % everyMs) + everyMs) % everyMs;
  return sinceMs === 0 ? earliestMs : earliestMs - sinceMs + everyMs;
}
