import { type GitRun, runGit } from './git-run.ts';

const NAMES_SHOWN = 5;
const LISTED_LIMIT = 65_536;

/**
 * A sentence that names the files of the fetched tree that Git LFS stores elsewhere, or undefined if there are none:
 * the source has a pointer of three lines for each. Git reads only the files that the tree's attributes assign to LFS.
 */
export async function lfsWarning(run: GitRun): Promise<string | undefined> {
  let listed = '';
  let count = 0;
  const pointer = '^version https://git-lfs\\.github\\.com/spec/v';
  // The exit code of git grep says whether there was a match.
  await runGit(run, ['grep', '--cached', '-l', '-z', '-E', '-e', pointer, '--', ':(attr:filter=lfs)'], {
    mayFail: true,
    onStdout: (chunk) => {
      for (const byte of chunk) if (byte === 0) count += 1;
      if (listed.length < LISTED_LIMIT) listed += chunk.toString();
    },
  });
  if (count === 0) return undefined;
  const names = listed.split('\0').slice(0, Math.min(count, NAMES_SHOWN));
  const more = count > names.length ? `, and ${count - names.length} more` : '';
  const [files, are] = count === 1 ? ['file', 'is'] : ['files', 'are'];
  return `warning: ${count} ${files} ${are} stored in Git LFS, which Slipway does not fetch; the source has only their pointers: ${names.join(', ')}${more}`;
}
