import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  hostAddress,
  readOutput,
  runToEnd,
  type SandboxUnderTest,
  skipLongReason,
  skipReason,
  startSandboxUnderTest,
} from './testing/sandbox.ts';

const skipNetwork = skipReason || (hostAddress === undefined ? 'this machine has no IPv4 address but loopback' : false);

/** Counts connections and greets them. */
async function listenForBuilds(): Promise<{ server: Server; port: number; hits(): number }> {
  let hits = 0;
  const server = createServer((socket) => {
    hits += 1;
    socket.on('error', () => socket.destroy());
    socket.end('greetings from the host\n');
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, hits: () => hits };
}

describe('the network of a build', { skip: skipNetwork }, () => {
  let listener: Awaited<ReturnType<typeof listenForBuilds>>;
  before(async () => {
    listener = await listenForBuilds();
  });
  after(() => {
    listener.server.close();
  });
  // busybox's nc reports why it failed; `; true` lets the build go on to the next target.
  const probe = (targets: string[]): Record<string, string> => ({
    Dockerfile: `FROM busybox\nRUN ${targets.map((at) => `nc -w 3 ${at} ${listener.port} </dev/null 2>&1`).join('; ')}; true\n`,
  });
  const targets = [
    hostAddress ?? '',
    '127.0.0.1',
    '10.0.2.2',
    '10.255.255.53',
    '169.254.169.254',
    '192.168.1.1',
    '172.16.0.1',
  ];

  test('reaches an address of the host that the operator opened, and nothing if egress is none', async () => {
    const under = await startSandboxUnderTest({ allowedEgress: [hostAddress ?? ''] });
    try {
      const before = listener.hits();
      const open = await under.build(probe([hostAddress ?? '']), { egress: 'world' });
      assert.match(open.output, /^greetings from the host$/m);
      assert.equal(listener.hits(), before + 1);
      const closed = await under.build(probe([hostAddress ?? '', '10.0.2.3']), { egress: 'none' });
      assert.equal(closed.output.match(/^nc: .*unreachable/gim)?.length, 2, closed.output);
      assert.equal(listener.hits(), before + 1);
    } finally {
      await under.close();
    }
  });

  test('does not reach an address that the host gets while the build runs', { skip: skipLongReason }, async (t) => {
    const address = '203.0.113.77';
    const remove = () => spawnSync('ip', ['address', 'delete', `${address}/32`, 'dev', 'lo']);
    t.after(remove);
    const under = await startSandboxUnderTest();
    try {
      const ask = `nc -w 3 ${address} ${listener.port} </dev/null 2>/dev/null`;
      // The address is open for a moment, then closed before the build ends.
      const script = `echo begun; until ${ask}; do sleep 0.2; done; while ${ask}; do sleep 0.2; done; echo closed`;
      const request = under.prepare({ Dockerfile: `FROM busybox\nRUN ${script}\n` }, { egress: 'world' });
      let output = '';
      const outcome = await under.sandbox.runBuild(request, {
        ...readOutput((text) => {
          output += text;
          if (output.includes('\nbegun')) spawnSync('ip', ['address', 'replace', `${address}/32`, 'dev', 'lo']);
        }),
        signal: t.signal,
      });
      assert.equal(outcome.phase, 'done', output);
      assert.match(output, /^greetings from the host$/m, 'it was reached before');
      assert.match(output, /^closed$/m);
    } finally {
      await under.close();
    }
  });

  test('reaches the name server, but no loopback, private or link-local address and not the host', async () => {
    const under = await startSandboxUnderTest();
    try {
      const before = listener.hits();
      const files = probe(targets);
      // slirp's name server answers on TCP port 53. This proves that the way out is open, so what fails below was
      // refused.
      files.Dockerfile += 'RUN nc -w 3 10.0.2.3 53 </dev/null && echo name server there\n';
      const { outcome, output } = await under.build(files, { egress: 'world' });
      const Dockerfile = `FROM busybox\nADD http://${hostAddress}:${listener.port}/x /x\n`;
      const added = await under.build({ Dockerfile }, { egress: 'world' });
      assert.equal(added.outcome.exitCode, 1, added.output);
      assert.ok(added.outcome.refused.some(({ address }) => address === hostAddress));
      assert.doesNotMatch(output, /greetings from the host/);
      assert.equal(output.match(/^nc: /gm)?.length, targets.length, output);
      assert.match(output, /^name server there$/m);
      assert.equal(listener.hits(), before);
      // slirp's own network and loopback end in the box. The filter refused what went further, and the record names it.
      const refused = outcome.refused.map(({ address, port, of }) => `${address} ${port} ${of}`);
      const named = [...targets.slice(3), hostAddress ?? ''].map((address) => `${address} ${listener.port}`);
      for (const target of named)
        assert.ok(
          refused.some((line) => line.startsWith(target)),
          `${target}: ${refused}`,
        );
      assert.ok(refused.includes(`${hostAddress} ${listener.port} host`), `${refused}`);
    } finally {
      await under.close();
    }
  });
});

describe('the walls of a build', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  let canaryFolder: string;
  before(async () => {
    under = await startSandboxUnderTest();
    canaryFolder = mkdtempSync(join(tmpdir(), 'slipway-canary-'));
    writeFileSync(join(canaryFolder, 'canary'), 'CANARY-OF-THE-HOST\n');
  });
  after(async () => {
    rmSync(canaryFolder, { recursive: true, force: true });
    await under.close();
  });

  test('shows nothing through a link in the source to a file of the host, as Dockerfile, COPY or mount', async () => {
    const canary = join(canaryFolder, 'canary');
    const request = under.prepare({ Dockerfile: 'FROM busybox\nCOPY link /copied\n' });
    linkInContext(request.buildId, 'link', canary);
    const copied = await runToEnd(under.sandbox, request);
    assert.doesNotMatch(copied.output, /CANARY/);
    assert.notEqual(copied.outcome.phase, 'done');
    const mounted = under.prepare({
      Dockerfile: 'FROM busybox\nRUN --mount=type=bind,source=link,target=/h cat /h/canary; true\n',
    });
    linkInContext(mounted.buildId, 'link', canaryFolder);
    assert.doesNotMatch((await runToEnd(under.sandbox, mounted)).output, /CANARY/);
    const asDockerfile = under.prepare({}, { dockerfile: 'link' });
    linkInContext(asDockerfile.buildId, 'link', canary);
    await assert.rejects(runToEnd(under.sandbox, asDockerfile), {
      code: 'no-dockerfile',
      message: /outside the source/,
    });
  });

  test('shows a RUN only its own processes, no rights of root outside, and limits that it cannot change', async () => {
    const script = [
      'ps -o pid,args; echo "processes $(ps | grep -c .)"',
      'cat /proc/self/uid_map; grep -E "^(CapEff|Seccomp):" /proc/self/status',
      'for file in $(find /sys/fs/cgroup -name cgroup.procs -o -name pids.max); do echo tried; echo $$ > $file && echo RAISED; done',
      'mount -o remount,rw / && echo REMOUNTED; mknod /tmp/disk b 7 0 && echo DEVICE; echo x > /proc/sys/kernel/core_pattern && echo PATTERN',
      'true',
    ].join('; ');
    const { output } = await under.build({ Dockerfile: `FROM busybox\nRUN ${script}\n` });
    const result = output.slice(output.indexOf('PID'));
    assert.match(result, /^ +0 +\d{10} +7340032\n1000000000 +\d{10} +1048576$/m);
    assert.match(result, /^Seccomp:\t2$/m);
    assert.match(result, /^CapEff:\t00000000a80425fb$/m);
    assert.doesNotMatch(result, /^(RAISED|REMOUNTED|DEVICE|PATTERN)$/m);
    assert.match(result, /^tried$/m, 'there are groups that it could have written');
    assert.doesNotMatch(result, /dockerd|buildx|boxinit|slirp/);
  });

  test('gives a RUN with --network=none a loopback of its own, and no way to what the previous step reached', async () => {
    const asked = 'nc -w 3 10.0.2.3 53 </dev/null && echo name server there';
    const within = '(echo greetings from within | nc -l -p 9 & sleep 0.3; nc 127.0.0.1 9)';
    const Dockerfile = `FROM busybox\nRUN ${asked}\nRUN --network=none ${asked}; ip link; ${within}\n`;
    const { output } = await under.build({ Dockerfile }, { egress: 'world' });
    assert.equal(output.match(/^name server there$/gm)?.length, 1, output);
    assert.match(output, /^nc: .*unreachable$/im);
    assert.match(output, /^greetings from within$/m);
    assert.equal(output.match(/^\d+: .* mtu /gm)?.length, 1, output);
  });

  function linkInContext(buildId: string, name: string, target: string): void {
    symlinkSync(target, join(under.dataFolder, 'work', buildId, 'context', name));
  }
});
