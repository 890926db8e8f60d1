import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type Block, blocksOf, hasLine, outputsOf, scriptOf } from '../support/documented-blocks.ts';
import { makeAuthority } from '../support/peers/certificates.ts';
import { deliverPushes } from '../support/peers/deliver-pushes.ts';
import { startGitHost } from '../support/peers/git-host.ts';
import { ROOT, temporaryFolder } from '../support/slipway.ts';
import { freshMachine, type MachinePlan } from './fresh-machine.ts';

const TUTORIAL = 'docs/tutorial.md';
/** The machines share this machine's network, so each has an address of its own for the port of the tutorial. */
const MACHINES: readonly (MachinePlan & { address: string })[] = [
  { suite: 'bookworm', node: 'none', user: 'sudo', umask: '022', address: '127.0.20.12' },
  { suite: 'trixie', node: 'none', user: 'sudo', umask: '022', address: '127.0.20.13' },
];
/** What the tutorial's reader has before: programs that a minimal system lacks. */
const PREPARE =
  'sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends curl kubernetes-client';

describe('the tutorial from a clean clone to a pull with the secret of a cluster, on a fresh machine', {
  concurrency: 2,
}, () => {
  for (const { address, ...plan } of MACHINES)
    test(plan.suite, async (t) => {
      const all = blocksOf(TUTORIAL);
      // What changes a machine may run here, where the others of its kind cannot.
      const runs = ({ changes, text }: Block) => changes || MAKES_PULL_SECRET.test(text);
      const blocks = all.map((block) => (runs(block) ? { ...block, skipped: undefined } : block));
      for (const { place, skipped } of blocks)
        if (skipped !== undefined) t.diagnostic(`skipped the commands at ${place}: ${skipped}`);
      await follow(t, blocks, plan, address);
    });
});

async function follow(t: TestContext, blocks: readonly Block[], plan: MachinePlan, address: string): Promise<void> {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const authority = makeAuthority(folder);
  const host = await startGitHost(t, { pushes: true, tls: authority.issue('127.0.0.1', 'git.example') });
  host.addRepository('team/app', { 'README.md': 'an app\n' });
  const gitUrl = host.url.replace('127.0.0.1', 'git.example');
  const asHere = (text: string) =>
    text
      .replaceAll('--base-url https://git.example', `--base-url ${gitUrl} --allow-private`)
      .replaceAll('https://git.example/', `${gitUrl}/`)
      .replaceAll('0.0.0.0:443', `${address}:443`);

  const machine = await freshMachine(t, plan);
  const own = (path: string) => join(machine.root, path);
  const { cert, key } = authority.issue(address, 'build.example');
  copyFileSync(cert, own('etc/ssl/build.example.pem'));
  copyFileSync(key, own('etc/ssl/build.example.key'));
  copyFileSync(authority.certificate, own('usr/local/share/ca-certificates/example.crt'));
  execFileSync('chroot', [machine.root, 'update-ca-certificates'], { stdio: 'ignore' });
  writeFileSync(own('etc/hosts'), `${address} build.example\n127.0.0.1 git.example\n`, { flag: 'a' });
  writeFileSync(own('home/dev/token'), 'token-of-the-code-host');
  writeFileSync(own('usr/local/sbin/systemctl'), SYSTEMCTL, { mode: 0o755 });
  const output = own('home/dev/output');
  writeFileSync(output, '', { mode: 0o666 });
  chmodSync(output, 0o666);
  deliverPushes({
    repository: join(host.folder, 'team/app.git'),
    certificate: authority.certificate,
    output,
    resolve: `build.example:443:${address}`,
  });
  const [, settings = ''] = /```json\n(.*?)```/s.exec(readFileSync(join(ROOT, TUTORIAL), 'utf8')) ?? [];
  mkdirSync(own('srv/tutorial'));
  writeFileSync(own('srv/tutorial/slipway.json'), asHere(settings));
  // Between the first command, which writes settings, and the second, which reads them.
  const [install, restart, ...rest] = blocks;
  if (install === undefined || restart === undefined) assert.fail('the tutorial begins with an installation');
  const write: Block = { ...install, text: 'sudo cp /srv/tutorial/slipway.json /etc/slipway/', output: [] };
  const steps = [install, write, restart, ...rest.flatMap((block) => [block, ...pulls(block)])];
  writeFileSync(own('srv/tutorial/commands'), `${READER}${asHere(scriptOf(steps))}`);

  const prepared = await machine.run(PREPARE);
  assert.equal(prepared.code, 0, prepared.stdout + prepared.stderr);
  const { code, stdout, stderr } = await machine.run('bash /srv/tutorial/commands >~/output 2>&1');
  const text = readFileSync(output, 'utf8');
  const outputs = outputsOf(text);
  const last = steps[Number([...outputs.keys()].at(-1))]?.place ?? 'the end';
  assert.equal(code, 0, `the commands at ${last} ended with ${code}: ${text.slice(-8000)}${stdout}${stderr}`);
  for (const [at, block] of steps.entries())
    if (block.skipped === undefined)
      for (const line of block.output)
        assert.ok(
          hasLine(outputs.get(String(at)) ?? '', asHere(line)),
          `${block.place} did not print “${line}”: ${text}`,
        );
}

const MAKES_PULL_SECRET = /kubectl create secret .*>pull-secret\.yaml/s;

/** Without a cluster: takes the login out of the pull secret, and pulls with nothing else. */
function pulls(block: Block): Block[] {
  return MAKES_PULL_SECRET.test(block.text) ? [{ ...block, text: PULL, output: [] }] : [];
}

const PULL = `sed -n 's/^ *\\.dockerconfigjson: //p' pull-secret.yaml | base64 -d >pull-secret.json
skopeo copy --authfile pull-secret.json docker://build.example/team/app:latest dir:pulled
test -s pulled/manifest.json
if skopeo inspect --no-creds docker://build.example/team/app:latest; then exit 1; fi`;

/** The reader of the tutorial, and the authority that signed the certificate: Node has its own ones. */
const READER = `export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com
export SLIPWAY_CA_FILE=/usr/local/share/ca-certificates/example.crt
`;

/**
 * These machines have no systemd (test/hosts/service.test.ts has): this starts what the unit starts, with its
 * environment, and waits until it listens, as a reader who reads on does.
 */
const SYSTEMCTL = `#!/bin/sh
set -eu
case $* in
  # The launcher turns off services of the packages that it installs.
  '--quiet disable '*) exit 0 ;;
  'restart slipway') ;;
  *) exit 1 ;;
esac
unit=/etc/systemd/system/slipway.service
export $(sed -n 's/^Environment=//p' $unit)
setsid $(sed -n 's/^ExecStart=//p' $unit) >/var/log/slipway 2>&1 </dev/null &
for i in $(seq 300); do
  ! grep -q '^slipway listening' /var/log/slipway || exit 0
  kill -0 $! || break
  sleep 1
done
cat /var/log/slipway >&2
exit 1
`;
