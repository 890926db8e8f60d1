import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { skipLongReason } from '../testing/sandbox.ts';
import { BUILDER_FOLDER, openBuilderRoot } from './builder-root.ts';

const command = [process.execPath, join(import.meta.dirname, 'builder-command.ts')];

/** What a machine without a builder does with the file `$1`; `$2` is half of it, `$3` this machine's root, `$4` where builders are. */
const ON_ANOTHER_MACHINE = `file=$1 half=$2 root=$3 place=$4; shift 4
mkdir -p /mnt && mount --bind "$root" /mnt && mount -t tmpfs another "\${place%/*}" || exit 1
"$@" show; echo "show: $?"
"$@" import "$half" 2>/dev/null; echo "import of half: $?"
"$@" show 2>/dev/null; echo "show: $?"
"$@" import "$file" >/dev/null; echo "import: $?"
diff -rq --no-dereference /mnt "$root" && echo same files
"$@" show --json`;

test('a builder that was exported is imported on a machine without one, whole or not at all', {
  skip: skipLongReason,
}, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-builder-file-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [file, half] = [join(folder, 'builder'), join(folder, 'half')];
  assert.equal(run([...command, 'export', file]).code, 0);
  copyFileSync(file, half);
  truncateSync(half, Math.floor(statSync(half).size / 2));

  const places = [file, half, openBuilderRoot(), BUILDER_FOLDER];
  const namespace = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', ON_ANOTHER_MACHINE, 'another'];
  const { output, code } = run([...namespace, ...places, ...command]);
  assert.equal(code, 0, output);
  const [said = '', shown = ''] = output.split('same files\n');
  assert.equal(
    said,
    'slipway: builder: there is no builder on this machine: run slipway builder update\nshow: 4\nimport of half: 4\nshow: 4\nimport: 0\n',
  );
  assert.deepEqual(JSON.parse(shown), JSON.parse(run([...command, 'show', '--json']).output));
});

function run([program = '', ...args]: string[]): { code: number | null; output: string } {
  const { status, output } = spawnSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', program, ...args], { encoding: 'utf8' });
  return { code: status, output: output.join('') };
}
