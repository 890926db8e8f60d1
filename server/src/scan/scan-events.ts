import { randomUUID } from 'node:crypto';
import type { Database } from '#db/database.ts';
import type { Event } from '#event/event.ts';
import type { EventConsumer } from '#event/event-consumers.ts';
import { getStoredRepository } from '#repository/repository-store.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { readNamePattern } from '#rpc/name-pattern.ts';
import { requestScan } from './request-scan.ts';
import { isInScope, type ScanRule } from './rule/scan-rule.ts';
import { listAutoRules } from './rule/scan-rule-store.ts';

/** Begins a scan of each image to which a tag is set, if a rule says so. */
export function scanEvents(instanceId: string, hasOtherScanner: boolean): EventConsumer {
  return { name: 'scan-rules', take: (trx, event) => take(trx, { instanceId, hasOtherScanner }, event) };
}

async function take(
  trx: Database,
  { instanceId, hasOtherScanner }: { instanceId: string; hasOtherScanner: boolean },
  event: Event,
): Promise<void> {
  if (event.kind !== 'tag_set') return;
  const rules = await listAutoRules(trx, instanceId);
  if (rules.length === 0) return;
  const { repoId, tag, digest } = event.body;
  const repository = await getStoredRepository(trx, instanceId, repoId);
  if (repository.status !== 'NORMAL') return;
  for (const rule of rules) {
    if (!isInScope(rule, repository) || !matches(rule, tag)) continue;
    const { author } = rule;
    const [scanId, by, nowMs] = [randomUUID(), rule.ruleId, event.timeMs];
    const request = { scanId, instanceId, repoId, digest, type: rule.scanType, hasOtherScanner, by, author, nowMs };
    await requestScan(trx, request).catch(unlessUnsupported);
  }
}

function matches({ tagPattern }: ScanRule, tag: string): boolean {
  return readNamePattern('RepoTagFilterPattern', tagPattern)?.matches(tag) ?? true;
}

/** There are no advisories, or the tag is not an image: the next push may differ. */
function unlessUnsupported(error: unknown): void {
  if (!(error instanceof ApiError && error.code === 'UnsupportedOperation')) throw error;
}
