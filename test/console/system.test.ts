import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { faultsOf, noBrowser, signIn, startBrowser } from '../support/browser.ts';
import { slipway, startServer, temporaryFolder } from '../support/slipway.ts';
import { checkLooksOf } from './axe.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'system in a browser: runs with SLIPWAY_TEST_LONG=1';

test('the machine of the server, by role and visible text', { skip: SKIP || noBrowser }, async (t) => {
  const server = await startServer(t, { flags: ['--no-builds'] });
  const browser = await startBrowser(t);
  const { page, errors } = await signIn(browser, server, '/console/system');
  const builds = page.getByRole('region', { name: 'Builds', exact: true });

  await t.test('the system page shows readiness, findings, versions and disk by part', async () => {
    await page
      .getByRole('region', { name: 'Readiness' })
      .getByText('Why: this server has the role api.')
      .first()
      .waitFor();
    await page.getByRole('region', { name: 'Machine' }).getByText(process.version).waitFor();
    await page.getByRole('region', { name: 'Nodes' }).getByText(`one machine: ${hostname()}, `).waitFor();
    await builds.getByText('has the role api and runs no builds').waitFor();
    await builds.getByText('slipway pause --data FOLDER', { exact: true }).waitFor();
    await page.getByRole('table', { name: 'Disk' }).getByRole('cell', { name: 'logs' }).waitFor();
    const settings = page.getByRole('table', { name: 'Settings' });
    await settings.getByRole('row', { name: 'no-builds true default false flag' }).waitFor();
    assert.equal(await settings.getByRole('cell', { name: 'log-keep-days', exact: true }).count(), 0);
    await page.getByRole('checkbox', { name: 'Also those at their default' }).check();
    await settings.getByRole('cell', { name: 'log-keep-days', exact: true }).waitFor();
    await checkLooksOf(page, 'system');
  });

  await t.test('the system page says that builds are held, why, and which command ends it', async () => {
    const on = ['--data', server.dataFolder];
    assert.equal((await slipway(['pause', ...on])).code, 0);
    await page.reload();
    await builds.getByText('Builds are held: the server is paused').waitFor();
    await builds.getByText('slipway resume --data FOLDER', { exact: true }).waitFor();
    await checkLooksOf(page, 'system of a paused server');
    assert.equal((await slipway(['resume', ...on])).code, 0);
    await page.reload();
    await builds.getByText('slipway pause --data FOLDER', { exact: true }).waitFor();
  });

  await t.test('the system page says when and where the last backup was made, and whether it is verified', async () => {
    const backup = page.getByRole('region', { name: 'Backup' });
    await backup.getByText('The data folder was never backed up.').waitFor();
    const place = temporaryFolder(t);
    const on = ['--data', server.dataFolder];
    assert.equal((await slipway(['backup', place, ...on])).code, 0);
    await page.reload();
    await backup.getByText(`slipway backup verify ${place} --data FOLDER`).waitFor();
    await backup.getByText(place, { exact: true }).waitFor();
    assert.equal((await slipway(['backup', 'verify', place, ...on])).code, 0);
    await page.reload();
    await backup.getByText(/The last backup was verified .*, and is sound\./).waitFor();
    await checkLooksOf(page, 'system with a backup');
    const doctor = await slipway(['doctor', ...on]);
    assert.match(doctor.stdout, new RegExp(`last backup +\\S+Z to ${place}, verified \\S+Z: sound`));
  });

  assert.deepEqual(faultsOf(errors), []);
});
