import type { Selectable } from 'kysely';
import { authorText, parseAuthor, type RuleAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { countRows, type PageRange, readPage } from '#db/read-page.ts';
import type { ChainTable, ChainVersionTable } from '#db/schema/chain-schema.ts';
import { lastEventSequence, leastTakenSequence } from '#event/event-store.ts';
import { findNamespace } from '#namespace/namespace-store.ts';
import type { Repository } from '#repository/repository.ts';
import { pinWaitingCopies } from '#sync/sync-task-store.ts';
import { type Chain, type ChainConfig, type ChainVersion, excludes, isGate } from './chain.ts';
import { chainExists, chainNotFound, tooManyChains } from './errors.ts';

const CHAINS_LIMIT = 500;

/** The current version of a chain. */
export interface ChainWords {
  /** `cci-…` */
  configId: string;
  config: ChainConfig;
  author: RuleAuthor;
}

/**
 * Inserts a chain with its first version, in the caller's transaction. It is in force for what happens from then on.
 * Throws CHAIN_ALREADY_EXIST and CHAIN_QUOTA_EXCEED.
 */
export async function insertChain(db: Database, chain: Chain, words: ChainWords): Promise<void> {
  const count = await countRows(db.selectFrom('chain').where('instance_id', '=', chain.instanceId));
  await refuseName(db, chain);
  const place = await db.selectFrom('chain').select('name').where('scope_id', '=', chain.scopeId).executeTakeFirst();
  const { namespaceName, repoName } = chain;
  const scope =
    repoName === undefined ? `The namespace ${namespaceName}` : `The repository ${namespaceName}/${repoName}`;
  if (place !== undefined) throw chainExists(`${scope} already has the delivery chain ${place.name}.`);
  if (count >= CHAINS_LIMIT) throw tooManyChains(CHAINS_LIMIT);
  await db
    .insertInto('chain')
    .values({
      chain_id: chain.chainId,
      instance_id: chain.instanceId,
      scope_type: chain.scopeType,
      scope_id: chain.scopeId,
      namespace_name: namespaceName,
      repo_name: repoName ?? null,
      created_ms: chain.createdMs,
      ...columnsOf(chain, words),
    })
    .execute();
  await insertVersion(db, chain, words, 1);
}

/**
 * Adds a new version of a chain, in the caller's transaction. Walks in progress keep the version with which they began. Throws
 * CHAIN_ALREADY_EXIST.
 */
export async function updateChain(db: Database, chain: Chain, words: ChainWords): Promise<void> {
  await refuseName(db, chain);
  const { version } = await getCurrentVersion(db, chain.chainId);
  await endVersions(db, chain.chainId);
  await insertVersion(db, chain, words, version + 1);
  await db.updateTable('chain').set(columnsOf(chain, words)).where('chain_id', '=', chain.chainId).execute();
}

/** Removes a chain, in the caller's transaction. Walks in progress continue to their end. Throws CHAIN_NOT_EXIST. */
export async function removeChain(db: Database, instanceId: string, chainId: string): Promise<void> {
  await getChain(db, instanceId, chainId);
  await endVersions(db, chainId);
  await db.deleteFrom('chain').where('chain_id', '=', chainId).execute();
}

/** Removes the chain of a repository or namespace, in the transaction that deletes it. */
export async function removeChainOf(db: Database, scopeId: string): Promise<void> {
  const chain = await db.selectFrom('chain').select('chain_id').where('scope_id', '=', scopeId).executeTakeFirst();
  if (chain === undefined) return;
  await endVersions(db, chain.chain_id);
  await db.deleteFrom('chain').where('chain_id', '=', chain.chain_id).execute();
}

/** Throws CHAIN_NOT_EXIST. */
export async function getChain(db: Database, instanceId: string, chainId: string): Promise<Chain> {
  const chain = await findChain(db, instanceId, chainId);
  if (chain === undefined) throw chainNotFound();
  return chain;
}

export async function findChain(db: Database, instanceId: string, chainId: string): Promise<Chain | undefined> {
  const row = await db
    .selectFrom('chain')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('chain_id', '=', chainId)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The current version of a chain. */
export async function getCurrentVersion(db: Database, chainId: string): Promise<ChainVersion> {
  const row = await db
    .selectFrom('chain')
    .innerJoin('chain_version', 'chain_version.config_id', 'chain.config_id')
    .selectAll('chain_version')
    .where('chain.chain_id', '=', chainId)
    .executeTakeFirstOrThrow();
  return versionFromRow(row);
}

/** The version with which a walk began. */
export async function getVersion(db: Database, configId: string): Promise<ChainVersion> {
  const row = await db
    .selectFrom('chain_version')
    .selectAll()
    .where('config_id', '=', configId)
    .executeTakeFirstOrThrow();
  return versionFromRow(row);
}

/** Chains in the order of their creation, and their total count. */
export async function listChains(
  db: Database,
  filter: { instanceId: string; namespaceName?: string | undefined; repoName?: string | undefined },
  page: PageRange,
): Promise<{ chains: Chain[]; total: number }> {
  let query = db.selectFrom('chain').where('instance_id', '=', filter.instanceId);
  if (filter.namespaceName !== undefined) query = query.where('namespace_name', '=', filter.namespaceName);
  if (filter.repoName !== undefined) query = query.where('repo_name', '=', filter.repoName);
  const { rows, total } = await readPage(query.selectAll().orderBy('sequence'), page);
  return { chains: rows.map(fromRow), total };
}

/**
 * The version that was in force for a repository when one of its events was written: of its own chain, or else of its namespace's.
 * The answer never changes later, so all consumers of the event agree.
 */
export async function findVersionInForce(
  db: Database,
  { repoId, instanceId, namespaceName, name }: Repository,
  eventSequence: number,
): Promise<ChainVersion | undefined> {
  const namespace = await findNamespace(db, instanceId, namespaceName);
  const rows = await db
    .selectFrom('chain_version')
    .selectAll()
    .where('scope_id', 'in', [repoId, ...(namespace === undefined ? [] : [namespace.namespaceId])])
    .where('after_sequence', '<', eventSequence)
    .where((eb) => eb.or([eb('until_sequence', 'is', null), eb('until_sequence', '>=', eventSequence)]))
    .execute();
  const versions = rows.map(versionFromRow);
  const own = versions.find(({ scopeId }) => scopeId === repoId);
  return own ?? versions.find((version) => !excludes(version, name));
}

async function refuseName(
  db: Database,
  { instanceId, chainId, name }: Pick<Chain, 'instanceId' | 'chainId' | 'name'>,
): Promise<void> {
  const other = await db
    .selectFrom('chain')
    .select('chain_id')
    .where('instance_id', '=', instanceId)
    .where('name', '=', name)
    .where('chain_id', '!=', chainId)
    .executeTakeFirst();
  if (other !== undefined) throw chainExists(`The instance already has a delivery chain named ${name}.`);
}

/**
 * Inserts a version. Copies that are in progress are limited to the images that their tags point to now, so none lets out
 * an image for which the chain is in force.
 */
async function insertVersion(
  db: Database,
  { chainId, instanceId, scopeId, name, scopeExclude, namespaceName, repoName }: Chain,
  { configId, config, author }: ChainWords,
  version: number,
): Promise<void> {
  await db
    .insertInto('chain_version')
    .values({
      config_id: configId,
      chain_id: chainId,
      instance_id: instanceId,
      scope_id: scopeId,
      name,
      version,
      scope_exclude: JSON.stringify(scopeExclude),
      config: JSON.stringify(config),
      author: authorText(author),
      after_sequence: await lastEventSequence(db),
      until_sequence: null,
    })
    .execute();
  if (isGate(config)) await pinWaitingCopies(db, { instanceId, namespaceName, repoName });
}

/** Ends the current version, and removes versions that no walk and no event needs any more. */
async function endVersions(db: Database, chainId: string): Promise<void> {
  await db
    .updateTable('chain_version')
    .set({ until_sequence: await lastEventSequence(db) })
    .where('chain_id', '=', chainId)
    .where('until_sequence', 'is', null)
    .execute();
  await db
    .deleteFrom('chain_version')
    .where('until_sequence', '<', await leastTakenSequence(db))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('chain_instance')
            .select('chain_instance.sequence')
            .whereRef('chain_instance.config_id', '=', 'chain_version.config_id'),
        ),
      ),
    )
    // The chain's row still refers to the version that has just ended.
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('chain').select('chain.sequence').whereRef('chain.config_id', '=', 'chain_version.config_id'),
        ),
      ),
    )
    .execute();
}

function columnsOf({ name, description, scopeExclude, modifiedMs }: Chain, { configId }: ChainWords) {
  return {
    name,
    description: description ?? null,
    scope_exclude: JSON.stringify(scopeExclude),
    config_id: configId,
    modified_ms: modifiedMs,
  };
}

function fromRow(row: Selectable<ChainTable>): Chain {
  return {
    chainId: row.chain_id,
    instanceId: row.instance_id,
    name: row.name,
    description: row.description ?? undefined,
    scopeType: row.scope_type as Chain['scopeType'],
    scopeId: row.scope_id,
    namespaceName: row.namespace_name,
    repoName: row.repo_name ?? undefined,
    scopeExclude: JSON.parse(row.scope_exclude),
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  };
}

function versionFromRow(row: Selectable<ChainVersionTable>): ChainVersion {
  return {
    configId: row.config_id,
    chainId: row.chain_id,
    name: row.name,
    version: row.version,
    scopeId: row.scope_id,
    scopeExclude: JSON.parse(row.scope_exclude),
    config: JSON.parse(row.config),
    author: parseAuthor(row.author),
  };
}
