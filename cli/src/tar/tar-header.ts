import type { Header } from 'tar-stream';

/** The facts about a member of a tar archive; `pax` are the archive's extended records for it. */
export type TarMember = Partial<Pick<Header, 'mode' | 'mtime' | 'uid' | 'gid' | 'devmajor' | 'devminor' | 'pax'>>;

/**
 * The largest number of six octal digits: larger owners go into a pax record, as POSIX specifies (pax, "Extended
 * Header").
 */
const OCTAL_LIMIT = 0o777777;
const TIME_LIMIT_S = 2 ** 31 - 1;
/** tar-stream drops the file type, and without it would take a mode of 0 for an absent one. */
const NO_MODE_BIT = 0o1000000;
/** The header itself has these. */
const OWN_RECORDS = ['path', 'linkpath', 'size'];

/**
 * Owner, mode, time and device of a member in tar-stream's fields; values that do not fit into the header, and those
 * without a field (extended attributes), are in pax records.
 */
export function tarHeader(member: TarMember): Required<Omit<TarMember, 'pax'>> & { pax?: Record<string, string> } {
  const { mode = 0o644, mtime = new Date(0), uid = 0, gid = 0, devmajor = 0, devminor = 0 } = member;
  const pax = Object.fromEntries(Object.entries(member.pax ?? {}).filter(([name]) => !OWN_RECORDS.includes(name)));
  const put = (name: string, value: number) => {
    if (value > OCTAL_LIMIT) pax[name] ??= String(value);
    // Some headers contain invalid numbers.
    return Number.isFinite(value) ? Math.min(Math.max(value, 0), OCTAL_LIMIT) : 0;
  };
  const seconds = mtime.getTime() / 1000;
  const isShort = seconds >= 0 && seconds <= TIME_LIMIT_S;
  if (!isShort && Number.isFinite(seconds)) pax.mtime ??= String(seconds);
  const header = {
    mode: mode | NO_MODE_BIT,
    mtime: isShort ? mtime : new Date(0),
    uid: put('uid', uid),
    gid: put('gid', gid),
    devmajor: put('SCHILY.devmajor', devmajor),
    devminor: put('SCHILY.devminor', devminor),
  };
  return Object.keys(pax).length === 0 ? header : { ...header, pax };
}
