import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

const skip = process.getuid?.() === 0 ? false : 'only a server that root started becomes another user';

test('a plain user is refused with the real reason: it does not exist, it is root, or it cannot read the code', {
  skip,
}, (t) => {
  const server = copyOfCode(t);
  assert.equal(server.find('nobody'), '65534');
  assert.match(server.find('no-such-user'), /^2 the user "no-such-user" does not exist; create it/);
  assert.match(server.find('root'), /^2 the server must not continue as root/);
  execFileSync('chmod', ['600', join(server.folder, 'plain-user.ts')]);
  assert.match(
    server.find('nobody'),
    /^4 the server continues as the user nobody, who cannot read its code because of the mode of .*\/plain-user\.ts; open it with chmod go\+rX/,
  );
  execFileSync('chmod', ['700', server.folder]);
  assert.match(server.find('nobody'), /because of the mode of .*\/src;/);
});

/** A copy, since the modes of the checkout are not a test's to change. */
function copyOfCode(t: TestContext): { folder: string; find(user: string): string } {
  const root = mkdtempSync(join(tmpdir(), 'slipway-plain-user-'));
  t.after(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'src');
  mkdirSync(folder);
  for (const name of ['plain-user.ts', 'exit-error.ts']) cpSync(join(import.meta.dirname, name), join(folder, name));
  writeFileSync(
    join(folder, 'ask.ts'),
    `import { findPlainUser } from './plain-user.ts';
     try { console.log(String(findPlainUser(process.argv[2]).uid)); }
     catch (error) { console.log(error.exitCode, error.message); }`,
  );
  execFileSync('chmod', ['-R', 'go+rX', root]);
  const find = (user: string) =>
    spawnSync(process.execPath, [join(folder, 'ask.ts'), user], { encoding: 'utf8' }).stdout.trim();
  return { folder, find };
}
