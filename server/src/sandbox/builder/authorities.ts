import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The certificates of an unpacked ca-certificates in one text. The package's own script, which does not run, would write it. */
export function authoritiesOf(root: string): string {
  const folder = join(root, 'usr/share/ca-certificates/mozilla');
  return readdirSync(folder)
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}
