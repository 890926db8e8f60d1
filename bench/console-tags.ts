/*
 * The Tags tab of a repository with ten thousand tags beside that of one with ten, in a real browser: from the address to
 * the first tags in each order, and from the last key of a search to its tags. `node bench/console-tags.ts [TAGS]`;
 * needs Chromium.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { signIn, startBrowser } from '../test/support/browser.ts';
import { startServer, type TestServer } from '../test/support/slipway.ts';
import { Figures, median, shown } from './support/figures.ts';
import { needPrograms } from './support/programs.ts';

const TAGS = Number(process.argv[2] ?? 10_000);
const FEW = 10;
const ROUNDS = 7;
const SORTS = ['time', 'name', 'size'] as const;
needPrograms({ chromium: 'chromium' });
const figures = new Figures(`The tags of a repository, ${TAGS.toLocaleString('en')} beside ${FEW}`);
const closing: (() => unknown)[] = [];
try {
  const owner = { after: (end: () => unknown) => closing.push(end) } as unknown as TestContext;
  const server = await startServer(owner);
  await server.client.call('CreateNamespace', { InstanceId: server.root.InstanceId, NamespaceName: 'team' });
  await addTags(server, 'few', FEW);
  await addTags(server, 'many', TAGS);
  const browser = await startBrowser(owner);
  const { page } = await signIn(browser, server, '/console/');
  await compare(page, server.root.Endpoint);
} finally {
  for (const end of closing.reverse()) await end();
}
figures.print();

/** A repository with tags that each have a manifest of their own. Only their bytes are missing, which no list reads. */
async function addTags({ client, root, dataFolder }: TestServer, name: string, count: number): Promise<void> {
  const repository = { RepoNamespaceName: 'team', RepoName: name, RepoType: 'PRIVATE', Summary: 'tags' } as const;
  const { RepoId = '' } = await client.call('CreateRepository', { InstanceId: root.InstanceId, ...repository });
  using db = new DatabaseSync(join(dataFolder, 'db', 'slipway.sqlite'), { timeout: 10_000 });
  const manifest = db.prepare(`insert into manifest (repo_id, digest, media_type, size_bytes, total_bytes, blobs,
    is_runnable, first_seen_ms, pushed_ms, state) values (?, ?, ?, 500, ?, '[]', 1, ?, ?, 'kept')`);
  const tag = db.prepare(`insert into tag (repo_id, name, sort_name, digest, created_ms, updated_ms, pushed_by, origin)
    values (?, ?, ?, ?, ?, ?, 'root', 'push')`);
  db.exec('begin immediate');
  for (let at = 0; at < count; at += 1) {
    const digest = `sha256:${at.toString(16).padStart(64, '0')}`;
    const madeMs = Date.now() - at * 60_000;
    manifest.run(
      RepoId,
      digest,
      'application/vnd.oci.image.manifest.v1+json',
      1e6 + ((at * 7919) % 1e6),
      madeMs,
      madeMs,
    );
    tag.run(RepoId, `v1.${at}`, `v1.${at}`, digest, madeMs, madeMs);
  }
  db.exec('commit');
}

async function compare(page: Page, endpoint: string): Promise<void> {
  const address = (name: string) => `${endpoint}/console/repositories/team/${name}/tags`;
  for (const sort of SORTS) {
    const times: Record<'few' | 'many', number[]> = { few: [], many: [] };
    for (let round = 0; round < ROUNDS; round += 1)
      for (const name of ['few', 'many'] as const)
        times[name].push(await openedMs(page, `${address(name)}?sort=${sort}`));
    const [many, few] = [median(times.many), median(times.few)];
    const detail = `${shown(many)} ms, and ${shown(few)} ms of ${FEW}`;
    figures.atMost(`from the address to the first tags by ${sort}, times that of ${FEW}`, many / few, 2, detail);
  }
  const searches: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await openedMs(page, address('many'));
    await page.getByRole('searchbox', { name: 'Part of the tag' }).fill(`.${TAGS - 1}`);
    const startMs = performance.now();
    await page.getByText('1 tag', { exact: true }).waitFor();
    searches.push(performance.now() - startMs);
  }
  figures.report(
    'from the last key to the one tag that was searched for, ms',
    median(searches),
    `of ${ROUNDS} searches`,
  );
}

async function openedMs(page: Page, url: string): Promise<number> {
  await page.goto('about:blank');
  const startMs = performance.now();
  await page.goto(url);
  await page.getByText('docker pull').first().waitFor();
  return performance.now() - startMs;
}
