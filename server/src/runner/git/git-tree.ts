import { BuildFailed } from '../failure/build-failed.ts';
import { SOURCE_FILES, tooManyBytes, tooManyFiles } from '../work/source-limit.ts';
import { type GitRun, runGit } from './git-run.ts';

/** A path in a tree where another repository's commit belongs. */
export interface Gitlink {
  path: string;
  commitId: string;
}

// Far more than any path that a file system allows.
const LONGEST_RECORD_CHARS = 65_536;

/** Counts the contents of trees before a file is written, over all repositories of one source. */
export class TreeBudget {
  readonly #limitBytes: number;
  #entries = 0;
  #sizeBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Throws `BuildFailed` as the source's fault once there is too much. */
  add(entries: number, sizeBytes: number): void {
    this.#entries += entries;
    this.#sizeBytes += sizeBytes;
    if (this.#entries > SOURCE_FILES) throw tooManyFiles();
    if (this.#sizeBytes > this.#limitBytes) throw tooManyBytes(this.#limitBytes);
  }
}

/** Counts the fetched tree, and returns its submodules. */
export async function readTree(run: GitRun, budget: TreeBudget): Promise<Gitlink[]> {
  const links: Gitlink[] = [];
  let rest = '';
  await runGit(run, ['ls-tree', '-r', '-l', '-z', 'FETCH_HEAD'], {
    onStdout: (chunk) => {
      const records = (rest + chunk.toString('latin1')).split('\0');
      rest = records.pop() ?? '';
      if (rest.length > LONGEST_RECORD_CHARS)
        throw new BuildFailed(
          'source-fetch-failed',
          `a path of the source is longer than ${LONGEST_RECORD_CHARS} bytes`,
        );
      const sizes = records.map((record) => Number(/^\d+ \w+ \w+ +(\d+)/.exec(record)?.[1] ?? 0));
      budget.add(
        records.length,
        sizes.reduce((sum, size) => sum + size, 0),
      );
      for (const record of records) {
        const [, commitId, path] = /^160000 commit ([0-9a-f]+) +-\t(.+)$/s.exec(record) ?? [];
        if (commitId !== undefined && path !== undefined)
          links.push({ commitId, path: Buffer.from(path, 'latin1').toString() });
      }
    },
  });
  return links;
}
