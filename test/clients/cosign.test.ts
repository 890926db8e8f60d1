import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { goProgram } from './pinned.ts';
import { makeHome } from './programs.ts';
import { startRegistry } from './who-logs-in.ts';

/** Without the public log and its keys, which this machine cannot reach. */
const OFFLINE = ['--tlog-upload=false', '--use-signing-config=false'];

for (const { title, form, isReferrer } of [
  { title: 'tags', form: '--new-bundle-format=false', isReferrer: false },
  { title: 'referrers', form: '--new-bundle-format=true', isReferrer: true },
])
  test(`cosign signs and attests an image, and verifies both, by ${title}`, async (t) => {
    const cosign = await goProgram(t, 'cosign');
    const crane = await goProgram(t, 'crane');
    if (cosign === undefined || crane === undefined) return;
    const { host, pairs } = await startRegistry(t);
    const [{ user, password } = { user: '', password: '' }] = pairs;
    const home = makeHome(t);
    const env = { COSIGN_PASSWORD: 'a password' };
    const run = (...args: string[]) => home.run(cosign, args, { env });
    await home.run(cosign, ['login', '--username', user, '--password-stdin', host], { input: password, env });
    await home.run(crane, ['copy', '--insecure', `${host}/library/busybox:latest`, `${host}/team/signed:v1`]);
    await home.run(crane, ['copy', '--insecure', `${host}/library/busybox:latest`, `${host}/team/plain:v1`]);
    const digest = (await home.run(crane, ['digest', '--insecure', `${host}/team/signed:v1`])).trim();
    const image = `${host}/team/signed@${digest}`;
    await run('generate-key-pair');
    await run('sign', '--yes', '--key', 'cosign.key', ...OFFLINE, form, '--allow-http-registry', image);
    writeFileSync(join(home.folder, 'predicate.json'), '{"built":"here"}');
    const predicate = ['--predicate', 'predicate.json', '--type', 'custom'];
    await run('attest', '--yes', '--key', 'cosign.key', ...predicate, ...OFFLINE, form, '--allow-http-registry', image);

    const verify = ['--key', 'cosign.pub', '--insecure-ignore-tlog=true', form, '--allow-http-registry'];
    assert.match(await run('verify', ...verify, `${host}/team/signed:v1`), new RegExp(digest));
    assert.match(await run('verify-attestation', ...verify, '--type', 'custom', image), /"payload"/);
    const unsigned = await home.end(cosign, ['verify', ...verify, `${host}/team/plain:v1`], { env });
    assert.notEqual(unsigned.code, 0, 'an image without a signature');
    const tags = await home.run(crane, ['ls', '--insecure', `${host}/team/signed`]);
    assert.equal(tags.includes('.sig'), !isReferrer, tags);
  });
