const FIXES: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on its disk; make room',
  EDQUOT: 'the quota of its disk is used up; make room',
  EROFS: 'its file system is read-only; mount it writable',
  EACCES: "the server's user may not use it; see to its owner and mode",
  EPERM: "the server's user may not use it; see to its owner and mode",
  EIO: 'its disk fails; see what the kernel says of it',
  ENOTDIR: 'a file stands where a folder must be',
  EEXIST: 'something else is there',
  ENOENT: 'it is not there and cannot be made',
  ELOOP: 'a link leads round in a circle',
  ENAMETOOLONG: 'its path is longer than the system takes',
  EINVAL: 'the file system does not take it',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
};

/** What SQLite says (https://www.sqlite.org/rescode.html); its errors come from another thread, without their codes. */
const DATABASE_FIXES: readonly (readonly [words: RegExp, fix: string])[] = [
  [/disk image is malformed|is not a database/, 'it is damaged; restore the data folder from a backup'],
  [/database or disk is full/, 'there is no space left on its disk; make room'],
  [/unable to open database|readonly database/, "the server's user may not use it; see to its owner and mode"],
  [/disk I\/O error/, 'its disk fails, or is full; see to it'],
];

/**
 * What an error says of the machine, as one sentence with the fix; undefined for what is a fault of ours. `shown` gives a path
 * as whoever started the server knows it.
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
