import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser, signIn, startBrowser } from './support/browser.ts';
import { folderOf } from './support/queue-build.ts';
import { firstUuid, slipway, startServer } from './support/slipway.ts';

test('the page of a build shows the options that were requested for it, and only the names of secrets and arguments', {
  skip: noBrowser,
}, async (t) => {
  const server = await startServer(t);
  const folder = folderOf(t, { 'app.Dockerfile': 'FROM busybox AS app\nARG VERSION\nRUN true\nFROM app\n' });
  const options = '--target app --build-arg VERSION=1.2.3-of-it --label team=shop --no-cache --file app.Dockerfile';
  const built = await slipway(
    ['build', folder, '--data', server.dataFolder, '--secret', 'id=token', ...options.split(' ')],
    { env: { token: 'not-for-the-page' } },
  );
  assert.equal(built.code, 0, built.stdout + built.stderr);
  const { page, errors } = await signIn(await startBrowser(t), server);
  await page.goto(`${server.root.Endpoint}/console/builds/${firstUuid(built.stdout)}`);
  const facts = page.locator('.facts');
  for (const [name, value] of [
    ['Dockerfile', 'app\\.Dockerfile'],
    ['Target', 'app'],
    ['Arguments', 'VERSION'],
    ['Labels', 'team=shop'],
    ['Cache', 'not used'],
    ['Secrets', 'token'],
  ])
    await facts.locator('div', { hasText: new RegExp(`^${name}${value}$`) }).waitFor();
  assert.doesNotMatch((await facts.textContent()) ?? '', /1\.2\.3-of-it|not-for-the-page/);
  assert.deepEqual(errors, []);
});
