import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LAUNCHER } from '../support/slipway.ts';
import { goProgram, hasProgram } from './pinned.ts';
import { makeHome } from './programs.ts';
import { startRegistry } from './who-logs-in.ts';

const { host, pairs, dataFolder, client, root } = await startRegistry({ after });
const url = `http://${host}/chart/charts/apps`;

test('helm adds, searches, verifies, pulls and renders what a form, as its push plugin sends it, brought', async (t) => {
  const helm = await goProgram(t, 'helm');
  if (helm === undefined || !hasProgram(t, 'gpg') || !hasProgram(t, 'curl')) return;
  const home = makeHome(t);
  const slipway = (...args: string[]) => home.run(LAUNCHER, args, { env: { SLIPWAY_DATA: dataFolder } });
  const { InstanceId } = root;
  await client.call('CreateChartNamespace', { InstanceId, NamespaceName: 'charts', AutoCreateRepo: true });
  await home.run(helm, ['create', 'web']);
  await home.run('gpg', ['--batch', '--passphrase', '', '--quick-gen-key', 'Charts <charts@example.com>', 'rsa2048']);
  await home.run('gpg', ['--batch', '--output', 'secret.gpg', '--export-secret-keys']);
  await home.run('gpg', ['--batch', '--output', 'public.gpg', '--export']);
  await home.run(helm, ['package', 'web', '--sign', '--key', 'Charts', '--keyring', 'secret.gpg']);

  for (const [index, { kind, user, password }] of pairs.entries()) {
    const curl = ['--silent', '--show-error', '--user', `${user}:${password}`];
    const form = ['-F', 'chart=@web-0.1.0.tgz', '-F', 'prov=@web-0.1.0.tgz.prov'];
    const push = (query = '') =>
      home.run('curl', [...curl, ...form, `http://${host}/chart/api/charts/apps/charts${query}`]);
    const pushed = index === 0 ? await push() : await push('?force');
    assert.equal(pushed, '{"saved":true}', kind);
    assert.equal(await push(), '{"error":"The repository already has web-0.1.0.tgz."}', kind);
    await home.run(helm, ['repo', 'add', `r${index}`, url, '--username', user, '--password', password]);
    assert.match(await home.run(helm, ['search', 'repo', `r${index}/web`]), /web\s+0\.1\.0\s+1\.16\.0\s+A Helm chart/);
    const folder = `pulled-${index}`;
    mkdirSync(join(home.folder, folder));
    await home.run(helm, ['pull', `r${index}/web`, '--verify', '--keyring', 'public.gpg', '-d', folder]);
    assert.deepEqual(
      readFileSync(join(home.folder, folder, 'web-0.1.0.tgz')),
      readFileSync(join(home.folder, 'web-0.1.0.tgz')),
    );
    assert.match(await home.run(helm, ['template', 'mine', `r${index}/web`]), /kind: Deployment/);
  }
  const wrong = await home.end(helm, ['repo', 'add', 'wrong', url, '--username', 'LTAInobody', '--password', 'no']);
  assert.match(`${wrong.code} ${wrong.stderr}`, /^1 .*401 Unauthorized/s);

  // Our own command, beside it.
  writeFileSync(join(home.folder, 'web', 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 0.2.0+b.1\n');
  await home.run(helm, ['package', 'web']);
  await slipway('chart', 'push', 'web-0.2.0+b.1.tgz', 'charts/apps');
  assert.match(await slipway('chart', 'list', 'charts/apps'), /^web +0\.2\.0\+b\.1 .*\nweb +0\.1\.0 /);
  await home.run(helm, ['repo', 'update']);
  await home.run(helm, ['pull', 'r0/web', '--version', '0.2.0+b.1']);
  await slipway('chart', 'pull', 'charts/apps', 'web', '0.2.0+b.1', '--output', 'same.tgz');
  assert.deepEqual(readFileSync(join(home.folder, 'same.tgz')), readFileSync(join(home.folder, 'web-0.2.0+b.1.tgz')));
  await slipway('chart', 'delete', 'charts/apps', 'web', '0.1.0');
  const again = await home.end(LAUNCHER, ['chart', 'push', 'web-0.2.0+b.1.tgz', 'charts/apps'], {
    env: { SLIPWAY_DATA: dataFolder },
  });
  assert.match(`${again.code} ${again.stderr}`, /^3 .*already has web-0\.2\.0\+b\.1\.tgz/s);
  await home.run(helm, ['repo', 'update']);
  assert.doesNotMatch(await home.run(helm, ['search', 'repo', 'r0/web', '--versions']), /0\.1\.0/);
});
