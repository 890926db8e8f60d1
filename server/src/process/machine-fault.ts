const FIXES: Readonly<Record<string, string>> = {
  ENOSPC: 'its disk is full; free some space',
  EDQUOT: 'its disk quota is used up; free some space',
  EROFS: 'its file system is read-only; mount it writable',
  EACCES: "the server's user may not use it; check its owner and mode",
  EPERM: "the server's user may not use it; check its owner and mode",
  EIO: 'its disk fails; check the kernel log',
  ENOTDIR: 'there is a file where a folder must be',
  EEXIST: 'something else is there',
  ENOENT: 'it does not exist and cannot be created',
  ELOOP: 'its links form a loop',
  ENAMETOOLONG: 'its path is longer than the system allows',
  EINVAL: 'the file system does not support it',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
};

/**
 * SQLite's messages (https://www.sqlite.org/rescode.html); its errors come from another thread, without their codes.
 */
const DATABASE_FIXES: readonly (readonly [words: RegExp, fix: string])[] = [
  [/disk image is malformed|is not a database/, 'it is damaged; restore the data folder from a backup'],
  [/database or disk is full/, 'its disk is full; free some space'],
  [/unable to open database|readonly database/, "the server's user may not use it; check its owner and mode"],
  [/disk I\/O error/, 'its disk fails, or is full; check it'],
];

/**
 * Turns an error of the machine into one sentence with the fix; undefined for a fault of ours. `shown` returns a path
 * as the user who started the server knows it.
 */
export function machineFault(
  error: unknown,
  data: { root: string; shown: (path: string) => string },
): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, path } = at as NodeJS.ErrnoException;
    const fix = code === undefined ? undefined : FIXES[code];
    const other = 'or choose another data folder with --data';
    if (fix !== undefined) return `${data.shown(path ?? data.root)} cannot be used (${code}): ${fix}, ${other}`;
    const { message } = at;
    const found = DATABASE_FIXES.find(([words]) => words.test(message))?.[1];
    if (found !== undefined) return `the database in ${data.root}/db cannot be used (${message}): ${found}, ${other}`;
  }
  return undefined;
}
