/*
 * The registry on its port, and distribution behind it, in a process of its own. Prints their addresses and process ids as one
 * line of JSON. `bench/small` and `bench/large` have 100 and 100,000 tags. At each line of its standard input, collects what is
 * unused, and prints the result as one line of JSON. Ends when its standard input closes.
 */
import { createInterface } from 'node:readline';
import { Garbage } from '../../server/src/registry/contents/garbage.ts';
import { startRegistryUnderTest } from '../../server/src/routes/testing/registry.ts';
import { RegistryClient } from '../../server/src/routes/testing/registry-client.ts';
import { descendantNamed } from './processor-time.ts';

const ROWS_AT_ONCE = 500;
const registry = await startRegistryUnderTest({}, { layerMs: 0, manifestMs: 0 });
const { images } = registry;
await addTags('bench/small', 100);
await addTags('bench/large', 100_000);
const garbage = new Garbage(
  {
    ...images,
    collector: registry.collector,
    unlessBackup: (remove) => remove(),
    monotonicMs: () => performance.now(),
    report: (message, error) => process.stderr.write(`${message}: ${error}\n`),
  },
  0,
);
const pids = { port: process.pid, distribution: descendantNamed(process.pid, 'docker-registry') };
say({ url: registry.url, distributionUrl: registry.distributionUrl, pids });
for await (const _ of createInterface({ input: process.stdin })) say(await garbage.collect());
await registry[Symbol.asyncDispose]();
process.exit(0);

/** Gives a repository tags of one image, as pushes leave them. */
async function addTags(repository: string, count: number): Promise<void> {
  const client = await RegistryClient.open(registry, repository);
  await client.push('first', repository);
  const [namespace = '', name = ''] = repository.split('/');
  const { repo_id, digest } = await images.db
    .selectFrom('tag')
    .innerJoin('repository', 'repository.repo_id', 'tag.repo_id')
    .select(['tag.repo_id', 'tag.digest'])
    .where('namespace_name', '=', namespace)
    .where('repository.name', '=', name)
    .executeTakeFirstOrThrow();
  const names = Array.from({ length: count - 1 }, (_, index) => `v${index}`);
  for (let first = 0; first < names.length; first += ROWS_AT_ONCE) {
    const rows = names.slice(first, first + ROWS_AT_ONCE).map((tag, index) => ({
      repo_id,
      digest,
      name: tag,
      sort_name: tag,
      created_ms: first + index,
      updated_ms: first + index,
      pushed_by: 'bench',
      origin: 'push',
      last_pulled_ms: null,
    }));
    await images.db.insertInto('tag').values(rows).execute();
  }
  await images.db.updateTable('repository').set({ tag_count: count }).where('repo_id', '=', repo_id).execute();
}

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
