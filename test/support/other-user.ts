import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LAUNCHER, ROOT } from './slipway.ts';

/** A folder of every Linux system that is usually empty. */
const SHOWN_AT = '/media';
/** A checkout of root below /root can only be entered by root. */
const isHidden = process.getuid?.() === 0 && !everyFolder(ROOT).every((folder) => statSync(folder).mode & 0o001);

/** The launcher where other users find it, for a command that is `shown` to them. */
export const SHOWN_LAUNCHER = isHidden ? join(SHOWN_AT, 'slipway') : LAUNCHER;

/** A command that finds `SHOWN_LAUNCHER` as any user; where nobody else may enter the checkout, in a mount namespace. */
export function shown(command: readonly string[]): string[] {
  if (!isHidden) return [...command];
  const script = `mount --bind "$0" ${SHOWN_AT} && exec "$@"`;
  return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, ROOT, ...command];
}

function everyFolder(path: string): string[] {
  return path === '/' ? [path] : [...everyFolder(dirname(path)), path];
}
