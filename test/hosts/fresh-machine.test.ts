import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summaryValue } from '../support/slipway.ts';
import { type FreshMachine, freshMachine, type MachinePlan } from './fresh-machine.ts';

/** Six of the 24 machines, so that every two properties meet in each of their ways. */
const PLANS: readonly (MachinePlan & { tests?: string })[] = [
  { suite: 'bookworm', node: 'own', user: 'root', umask: '022' },
  {
    suite: 'trixie',
    node: 'none',
    user: 'root',
    umask: '077',
    tests: 'server/src/sandbox/client/sandbox.test.ts test/console/builds.test.ts',
  },
  {
    suite: 'bookworm',
    node: 'none',
    user: 'sudo',
    umask: '077',
    tests: 'test/build/first-build.test.ts test/console/builds.test.ts',
  },
  { suite: 'trixie', node: 'own', user: 'sudo', umask: '022' },
  { suite: 'bookworm', node: 'none', user: 'sudo with a password', umask: '022' },
  { suite: 'trixie', node: 'own', user: 'sudo with a password', umask: '077' },
];

describe('the README’s commands on a fresh machine', { concurrency: 2 }, () => {
  for (const { tests, ...plan } of PLANS) {
    const { suite, node, user, umask } = plan;
    test(`${suite}, ${node === 'own' ? 'its own Node' : 'no Node'}, ${user}, umask ${umask}`, async (t) => {
      const machine = await freshMachine(t, plan);
      await firstCommand(machine, user);
      if (tests !== undefined) await secondCommand(machine, tests);
    });
  }
});

async function firstCommand(machine: FreshMachine, user: MachinePlan['user']): Promise<void> {
  const asked =
    '{ ./slipway test --help && ./slipway --help; } >asked && [ ! -e node_modules ] && ! command -v buildah';
  const help = await machine.run(`${asked} && echo untouched`);
  assert.match(help.stdout, /^untouched\r?$/m, help.stdout + help.stderr);

  const first = await machine.run('./slipway build examples/hello');
  const said = `${first.stdout}${first.stderr}`;
  assert.equal(first.code, 0, said.slice(-4000));
  assert.equal(summaryValue(first.stdout.replaceAll('\r', ''), 'Status'), 'SUCCESS', said.slice(-4000));

  const again = await machine.run('./slipway build examples/hello');
  assert.equal(again.code, 0, again.stdout + again.stderr);
  if (user !== 'sudo with a password') assert.equal(again.stderr, '', 'once set up, it is silent');

  const doctor = await machine.run('./slipway doctor');
  assert.match(doctor.stdout, /^this machine can build\r?$/m, doctor.stdout + doctor.stderr);

  const served = await machine.run(SERVE_CONSOLE);
  assert.match(served.stdout, /<title>Slipway/, served.stdout + served.stderr);
}

/** A long-running server: its console is available within a few minutes, although nothing waited for it before. */
const SERVE_CONSOLE = `./slipway serve --listen 127.0.0.1:0 --data data >served 2>&1 &
  server=$!
  for i in $(seq 200); do
    url=$(sed -n 's/^slipway listening on //p' served)
    if [ -n "$url" ] && node_modules/node-linux-*/bin/node -e '
      const reply = await fetch(process.argv[1] + "/console/");
      console.log(await reply.text());
      process.exit(reply.status === 200 ? 0 : 1)' "$url"; then break; fi
    sleep 1
  done
  cat served; kill $server; wait`;

/**
 * The whole suite takes longer than these machines may run. The files that use most of a machine represent it: they
 * install the tests' packages and a browser, and run builds.
 */
async function secondCommand(machine: FreshMachine, places: string): Promise<void> {
  const tests = await machine.run(`./slipway test ${places}`);
  assert.equal(tests.code, 0, `${tests.stdout.slice(-6000)}${tests.stderr.slice(-2000)}`);
  assert.match(tests.stdout, /^ℹ fail 0$/m);
}
