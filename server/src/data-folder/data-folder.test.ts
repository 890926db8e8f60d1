import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ExitError } from '#process/exit-error.ts';
import { lockDataFolder, prepareDataFolder } from './data-folder.ts';

const skip = process.getuid?.() === 0 ? false : 'only root gives folders to others';
const USER = { uid: 4711, gid: 4712 };
const STRANGER = { uid: 4713, gid: 4714 };

test('with any mode, owner and umask of a folder, the plain user can work in it and nobody else can write', {
  skip,
}, (t) => {
  const umask = process.umask();
  t.after(() => process.umask(umask));
  const base = temporary(t);
  let count = 0;
  const modes = [undefined, 0o700, 0o750, 0o755, 0o770, 0o775, 0o777, 0o1777];
  // A umask applies to new files.
  for (const mask of [0o022, 0o027, 0o077, 0o002])
    for (const mode of mask === 0o022 ? modes : modes.slice(0, 2))
      for (const owner of [{ uid: 0, gid: 0 }, { uid: 0, gid: STRANGER.gid }, USER, STRANGER]) {
        const root = join(base, `folder-${++count}`);
        process.umask(mask);
        if (mode !== undefined) {
          mkdirSync(root);
          chownSync(root, owner.uid, owner.gid);
          chmodSync(root, mode);
        }
        prepareDataFolder(root, USER);
        // As in a second start.
        prepareDataFolder(root, USER);
        const name = `umask ${mask.toString(8)}, mode ${mode?.toString(8)}, owner ${owner.uid}:${owner.gid}`;
        assert.ok(allows(root, 0o1), `${name}: the user comes through`);
        const after = statSync(root);
        assert.equal(after.mode & 0o002, 0, name);
        assert.ok((after.mode & 0o020) === 0 || [0, USER.gid].includes(after.gid), name);
        assert.ok([0, USER.uid].includes(after.uid), name);
        for (const place of readdirSync(root)) {
          const { uid, gid, mode: placeMode } = statSync(join(root, place));
          assert.deepEqual([uid, gid, placeMode & 0o722], [USER.uid, USER.gid, 0o700], `${name}: ${place}`);
        }
      }
});

test('a folder closed to all others stays closed to everyone except the plain user', { skip }, (t) => {
  const root = join(temporary(t), 'data');
  mkdirSync(root, { mode: 0o700 });
  prepareDataFolder(root, USER);
  const { uid, gid, mode } = statSync(root);
  assert.deepEqual([uid, gid, mode & 0o777], [0, USER.gid, 0o710]);
});

test('newly created parent folders let the plain user through, whatever the umask', { skip }, (t) => {
  const umask = process.umask(0o077);
  t.after(() => process.umask(umask));
  const root = join(temporary(t), 'a', 'b', 'data');
  assert.equal(prepareDataFolder(root, USER).reachable, root);
});

test('files copied by root belong to the plain user again, including links but not their targets', { skip }, (t) => {
  const base = temporary(t);
  const [first, copy, foreign] = ['first', 'copy', 'foreign'].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ];
  prepareDataFolder(first, USER);
  writeFileSync(foreign, '');
  mkdirSync(join(first, 'db', 'deep'));
  writeFileSync(join(first, 'db', 'deep', 'file'), '');
  symlinkSync(foreign, join(first, 'db', 'link'));
  cpSync(first, copy, { recursive: true, verbatimSymlinks: true });
  assert.equal(lstatSync(join(copy, 'db')).uid, 0);
  prepareDataFolder(copy, USER);
  for (const path of ['db', 'db/deep', 'db/deep/file', 'db/link', 'logs'])
    assert.equal(lstatSync(join(copy, path)).uid, USER.uid, path);
  assert.equal(statSync(foreign).uid, 0);
});

test('problems that the server must not fix itself are reported in one sentence with the fix', { skip }, (t) => {
  const base = temporary(t);
  const place = (name: string, make: (path: string) => void) => {
    make(join(base, name));
    return join(base, name);
  };
  const cases: [path: string, says: RegExp][] = [
    ['/proc/slipway-data', /\/proc\/slipway-data|ENOENT/],
    ['/proc/self/fdinfo/data', /ENOENT|EACCES|EPERM/],
    [place('file', (path) => writeFileSync(path, '')), /file is not a folder; move it away/],
    [join(base, 'file', 'below'), /ENOTDIR|is not a folder/],
    [place('dangling', (path) => symlinkSync(join(base, 'nowhere'), path)), /EEXIST|ENOENT/],
    [place('circle', (path) => symlinkSync(path, path)), /ELOOP/],
    [join(base, 'n'.repeat(256)), /ENAMETOOLONG/],
    [
      place('full-of-theirs', (path) => {
        mkdirSync(path);
        writeFileSync(join(path, 'x'), '');
        chownSync(path, STRANGER.uid, STRANGER.gid);
      }),
      /belongs to the user with id 4713; give it to root \(chown root .*\)/,
    ],
    [
      place('everybody', (path) => {
        mkdirSync(path);
        writeFileSync(join(path, 'x'), '');
        chmodSync(path, 0o1777);
      }),
      /other users may write into .*; close it \(chmod go-w /,
    ],
    [
      place('place-is-a-file', (path) => {
        mkdirSync(path);
        writeFileSync(join(path, 'db'), '');
      }),
      /db is not a folder/,
    ],
  ];
  for (const [path, says] of cases)
    assert.throws(
      () => prepareDataFolder(path, USER),
      (error: Error) => {
        assert.match(error.message, says, path);
        return error instanceof ExitError || 'code' in error;
      },
    );
});

test('a link to a folder is followed, and a folder is locked once', { skip }, (t) => {
  const base = temporary(t);
  mkdirSync(join(base, 'real'));
  symlinkSync('real', join(base, 'link'));
  const folder = prepareDataFolder(join(base, 'link'), USER);
  using _lock = lockDataFolder(folder);
  assert.throws(() => lockDataFolder(prepareDataFolder(join(base, 'real'), USER)), /another server uses/);
});

function allows(path: string, right: number): boolean {
  const { mode, uid, gid } = statSync(path);
  return ((mode >> (uid === USER.uid ? 6 : gid === USER.gid ? 3 : 0)) & right) !== 0;
}

function temporary(t: TestContext): string {
  const base = mkdtempSync(join(tmpdir(), 'slipway-folders-'));
  chmodSync(base, 0o755);
  t.after(() => rmSync(base, { recursive: true, force: true }));
  return base;
}
