import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** For tests: makes a helper's working folder, with the folder of the store of repository `team`, the current one. */
export function enterHelperFolder(t: TestContext): void {
  const [folder, before] = [mkdtempSync(join(tmpdir(), 'slipway-store-')), process.cwd()];
  process.chdir(folder);
  t.after(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
  for (const name of ['run', 'stores', 'stores/team']) mkdirSync(name);
}
