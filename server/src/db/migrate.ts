import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { firstTables } from './migrations/0001-first-tables.ts';
import { accountTables } from './migrations/0002-account-tables.ts';
import { bearerTokens } from './migrations/0003-bearer-tokens.ts';
import { buildPlane } from './migrations/0004-build-plane.ts';
import { buildQueue } from './migrations/0005-build-queue.ts';
import { callRecord } from './migrations/0006-call-record.ts';
import { consoleSessions } from './migrations/0007-console-sessions.ts';
import { consoleRenewals } from './migrations/0008-console-renewals.ts';
import { logExpiry } from './migrations/0009-log-expiry.ts';
import { buildSecrets } from './migrations/0010-build-secrets.ts';
import { callByRequest } from './migrations/0011-call-by-request.ts';
import { shownLogins } from './migrations/0012-shown-logins.ts';
import { accountSettings } from './migrations/0013-account-settings.ts';
import { pushOrder } from './migrations/0014-push-order.ts';
import { requesters } from './migrations/0015-requesters.ts';
import { archiveOwner } from './migrations/0016-archive-owner.ts';
import { buildOptions } from './migrations/0017-build-options.ts';
import { tagOrder } from './migrations/0018-tag-order.ts';
import { givenSecrets } from './migrations/0019-given-secrets.ts';
import { platforms } from './migrations/0020-platforms.ts';
import { baseRegistries } from './migrations/0021-base-registries.ts';
import { registryPasswords } from './migrations/0022-registry-passwords.ts';
import { instanceTables } from './migrations/0023-instance-tables.ts';
import { images } from './migrations/0024-images.ts';
import { linkedNetworks } from './migrations/0025-linked-networks.ts';
import { jobs } from './migrations/0026-jobs.ts';
import { lifecycle } from './migrations/0027-lifecycle.ts';
import { charts } from './migrations/0028-charts.ts';
import { scans } from './migrations/0029-scans.ts';
import { deliveries } from './migrations/0030-deliveries.ts';
import { defaultTagImmutability } from './migrations/0031-default-tag-immutability.ts';
import { scanRules } from './migrations/0032-scan-rules.ts';
import { sync } from './migrations/0033-sync.ts';
import { acceleration } from './migrations/0034-acceleration.ts';
import { eventRules } from './migrations/0035-event-rules.ts';
import { customizedDomains } from './migrations/0036-customized-domains.ts';
import { subscriptions } from './migrations/0037-subscriptions.ts';
import { chains } from './migrations/0038-chains.ts';
import { ruleAuthors } from './migrations/0039-rule-authors.ts';
import { commitStatuses } from './migrations/0040-commit-statuses.ts';
import { runnableManifests } from './migrations/0041-runnable-manifests.ts';
import { referrerCopies } from './migrations/0042-referrer-copies.ts';
import { cancellations } from './migrations/0043-cancellations.ts';
import { buildFilters } from './migrations/0044-build-filters.ts';
import { hookDeliveries } from './migrations/0045-hook-deliveries.ts';
import { buildPushes } from './migrations/0046-build-pushes.ts';
import { lostLines } from './migrations/0047-lost-lines.ts';
import { buildLookups } from './migrations/0048-build-lookups.ts';
import { stageNames } from './migrations/0049-stage-names.ts';
import { keptSources } from './migrations/0050-kept-sources.ts';
import { serverSecrets } from './migrations/0051-server-secrets.ts';
import { imageFacts } from './migrations/0052-image-facts.ts';
import { duties } from './migrations/0053-duties.ts';
import { serverNodes } from './migrations/0054-server-nodes.ts';
import { nonces } from './migrations/0055-nonces.ts';
import { signInAttempts } from './migrations/0056-sign-in-attempts.ts';
import { sealedLogs } from './migrations/0057-sealed-logs.ts';
import { bucketMark } from './migrations/0058-bucket-mark.ts';

export const MIGRATIONS: Record<string, Migration> = {
  '0001-first-tables': firstTables,
  '0002-account-tables': accountTables,
  '0003-bearer-tokens': bearerTokens,
  '0004-build-plane': buildPlane,
  '0005-build-queue': buildQueue,
  '0006-call-record': callRecord,
  '0007-console-sessions': consoleSessions,
  '0008-console-renewals': consoleRenewals,
  '0009-log-expiry': logExpiry,
  '0010-build-secrets': buildSecrets,
  '0011-call-by-request': callByRequest,
  '0012-shown-logins': shownLogins,
  '0013-account-settings': accountSettings,
  '0014-push-order': pushOrder,
  '0015-requesters': requesters,
  '0016-archive-owner': archiveOwner,
  '0017-build-options': buildOptions,
  '0018-tag-order': tagOrder,
  '0019-given-secrets': givenSecrets,
  '0020-platforms': platforms,
  '0021-base-registries': baseRegistries,
  '0022-registry-passwords': registryPasswords,
  '0023-instance-tables': instanceTables,
  '0024-images': images,
  '0025-linked-networks': linkedNetworks,
  '0026-jobs': jobs,
  '0027-lifecycle': lifecycle,
  '0028-charts': charts,
  '0029-scans': scans,
  '0030-deliveries': deliveries,
  '0031-default-tag-immutability': defaultTagImmutability,
  '0032-scan-rules': scanRules,
  '0033-sync': sync,
  '0034-acceleration': acceleration,
  '0035-event-rules': eventRules,
  '0036-customized-domains': customizedDomains,
  '0037-subscriptions': subscriptions,
  '0038-chains': chains,
  '0039-rule-authors': ruleAuthors,
  '0040-commit-statuses': commitStatuses,
  '0041-runnable-manifests': runnableManifests,
  '0042-referrer-copies': referrerCopies,
  '0043-cancellations': cancellations,
  '0044-build-filters': buildFilters,
  '0045-hook-deliveries': hookDeliveries,
  '0046-build-pushes': buildPushes,
  '0047-lost-lines': lostLines,
  '0048-build-lookups': buildLookups,
  '0049-stage-names': stageNames,
  '0050-kept-sources': keptSources,
  '0051-server-secrets': serverSecrets,
  '0052-image-facts': imageFacts,
  '0053-duties': duties,
  '0054-server-nodes': serverNodes,
  '0055-nonces': nonces,
  '0056-sign-in-attempts': signInAttempts,
  '0057-sealed-logs': sealedLogs,
  '0058-bucket-mark.0057': bucketMark,
};

const NEWEST = Object.keys(MIGRATIONS).at(-1) ?? '';

/**
 * `NNNN-what`, or `NNNN-what.OOOO` for a migration on which servers still run whose newest one is OOOO or later
 * (docs/decisions/0057). A name is in the database and in every backup, so an earlier version reads it there.
 */
const NAME = /^(?<own>\d{4})-[a-z0-9-]+(?:\.(?<oldest>\d{4}))?$/;

/** The number of a migration. */
export function numberOf(name: string): number {
  return Number(name.slice(0, 4));
}

/** The number of the oldest newest migration of servers that run on a database with this migration. */
export function oldestThatRuns(name: string): number {
  const { own, oldest = own } = NAME.exec(name)?.groups ?? {};
  // Nobody runs on what has another form.
  return Number(oldest ?? Number.POSITIVE_INFINITY);
}

/** The migrations of a database that this version does not have. */
export function laterMigrations(applied: readonly string[]): string[] {
  return applied.filter((name) => !(name in MIGRATIONS));
}

/**
 * What a server of this version would do to a database with these migrations: nothing where a newer version has
 * migrated it and this one still runs on it. Throws `NewerDataFolder` where it does not.
 */
export function pendingMigrations(applied: readonly string[]): string[] {
  const pending = Object.keys(MIGRATIONS).filter((name) => !applied.includes(name));
  const later = laterMigrations(applied);
  const own = numberOf(NEWEST);
  // One that lacks ours as well is of another history.
  const refusing = pending.length > 0 ? later : later.filter((name) => oldestThatRuns(name) > own);
  if (refusing.length > 0) throw new NewerDataFolder(refusing);
  return pending;
}

/** A newer version has migrated the database, and this one does not run on it any more. */
export class NewerDataFolder extends Error {
  /** The migrations that this version would have to know. */
  readonly unknown: readonly string[];

  constructor(unknown: readonly string[]) {
    super(`the data folder was written by a newer version of Slipway (it has the migrations ${unknown.join(', ')})`);
    this.unknown = unknown;
  }
}

/**
 * Migrates a database to the newest schema, each migration in its own transaction. Changes nothing if a newer version migrated it and
 * this one still runs on it. Throws `NewerDataFolder`, before it changes anything, if this one does not.
 */
export async function migrate<T>(db: Kysely<T>): Promise<void> {
  const applied = await appliedMigrations(db as unknown as Kysely<MigrationTables>);
  if (pendingMigrations(applied).length === 0) return;
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error');
  throw new Error(`migrate the database (${failed?.migrationName ?? 'before the first step'})`, { cause: error });
}

interface MigrationTables {
  kysely_migration: { name: string };
}

async function appliedMigrations(db: Kysely<MigrationTables>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  return (await db.selectFrom('kysely_migration').select('name').execute()).map((row) => row.name);
}
