import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { writeBusyboxImage } from './testing/busybox-image.ts';
import { openPlainBuildkit, type PlainBuildkit } from './testing/plain-buildkit.ts';
import {
  loadBusybox,
  runToEnd,
  type SandboxUnderTest,
  skipLongReason,
  skipReason,
  startSandboxUnderTest,
  writeContext,
} from './testing/sandbox.ts';

const CANARY = 'CANARY-OF-THE-HOST';

/** The parts of an attack, and which of them the base image carries. */
interface Attack {
  files: Record<string, string>;
  /** Changes the context before it is built. */
  prepare?: (context: string) => void;
  onBuild?: string[];
  /** Whether plain BuildKit as root shows the canary; otherwise why not, which the test also checks. */
  plain: 'shows it' | string;
}

// In the long tier each attack is first made on the same builder as root on this machine, without a sandbox. There it
// is also tried without a network.
const egresses = skipLongReason ? (['world'] as const) : (['none', 'world'] as const);

describe('keeps an attack that may escape from a builder inside the sandbox', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  let plain: PlainBuildkit | undefined;
  let canaryFolder: string;
  before(async () => {
    under = await startSandboxUnderTest();
    if (!skipLongReason) plain = await openPlainBuildkit();
    canaryFolder = mkdtempSync(join(tmpdir(), 'slipway-canary-'));
    writeFileSync(join(canaryFolder, 'canary'), `${CANARY}\n`);
    writeFileSync(join(canaryFolder, 'stub'), '');
  });
  after(async () => {
    rmSync(canaryFolder, { recursive: true, force: true });
    await plain?.close();
    await under.close();
  });

  test('CVE-2024-1753: a bind mount from a stage, whose source is a link to /', async (t) => {
    const mount = '--mount=type=bind,from=hostile,source=/link,target=/h,rw';
    const read = `cat /h${canaryFolder}/canary; echo x > /h${canaryFolder}/written; true`;
    const Dockerfile = `FROM busybox AS hostile\nRUN ln -s / /link\nFROM busybox\nRUN ${mount} ${read}\n`;
    await attack(t, { files: { Dockerfile }, plain: 'BuildKit follows links within the stage' });
  });

  test('CVE-2024-9675: a cache mount that climbs out of its folder', async (t) => {
    const mount = `--mount=type=cache,id=${'../'.repeat(12)}${canaryFolder.slice(1)},target=/h`;
    const Dockerfile = `FROM busybox\nRUN ${mount} cat /h/canary; echo x > /h/written; true\n`;
    await attack(t, { files: { Dockerfile }, plain: 'BuildKit makes no path of the id of a cache' });
  });

  test('CVE-2024-9407: a bind mount with an invalid propagation', async (t) => {
    const mount = `--mount=type=bind,source=.,target=/h,bind-propagation=rbind:${canaryFolder}`;
    const Dockerfile = `FROM busybox\nRUN ${mount} cat /h/canary; true\n`;
    await attack(t, { files: { Dockerfile }, plain: 'BuildKit knows no such option' });
  });

  test('CVE-2024-21626: a working folder that is a descriptor the runtime left open', async (t) => {
    const climb = `${'../'.repeat(12)}${canaryFolder.slice(1)}/canary`;
    const Dockerfile = `FROM busybox\nWORKDIR /proc/self/fd/8\nRUN cat ${climb} || echo not found\n`;
    await attack(t, { files: { Dockerfile }, plain: 'the hole was runc’s, and crun runs the steps' });
  });

  test('CVE-2024-23651: a cache mount, part of which becomes a link while another step mounts it', async (t) => {
    const swap = `i=0; while [ $i -lt 400 ]; do rm -rf /c/part; ln -s ${canaryFolder} /c/part; rm /c/part; mkdir /c/part; i=$((i+1)); done`;
    const looks = Array.from({ length: 4 }, (_, at) => [
      `FROM busybox AS look-${at}`,
      `RUN --mount=type=cache,id=raced,source=part,target=/h cat /h/canary; ls ${at}; true`,
    ]);
    const Dockerfile = [
      'FROM busybox AS made',
      'RUN --mount=type=cache,id=raced,target=/c mkdir /c/part',
      'FROM made AS swap',
      `RUN --mount=type=cache,id=raced,target=/c ${swap}; true`,
      ...looks.flat().map((line) => line.replace('FROM busybox', 'FROM made')),
      'FROM busybox',
      'COPY --from=swap /bin/sh /swap',
      ...looks.map((_, at) => `COPY --from=look-${at} /bin/sh /${at}`),
    ].join('\n');
    await attack(t, { files: { Dockerfile }, plain: 'fixed in BuildKit 0.12.5' });
  });

  test('CVE-2024-23652: a mount point that becomes a path of the host before the builder removes it', async (t) => {
    const swap = `mv /x /y; ln -s ${canaryFolder} /x; ls /none`;
    const Dockerfile = `FROM busybox\nRUN --mount=type=bind,source=Dockerfile,target=/x/stub ${swap}; true\n`;
    await attack(t, { files: { Dockerfile }, plain: 'fixed in BuildKit 0.12.5' });
  });

  test('CVE-2024-23653: a step with all privileges that nobody granted', async (t) => {
    const Dockerfile = `FROM busybox\nRUN --security=insecure cat /proc/1/root${canaryFolder}/canary\n`;
    await attack(t, { files: { Dockerfile }, plain: 'only a frontend of the attacker’s could ask for it' });
  });

  test('CVE-2026-41579, -88264, -88265: an image whose /dev, /dev/null and /dev/console are links to the host', async (t) => {
    const { uid } = statSync(join(canaryFolder, 'canary'));
    const linked = `FROM busybox AS linked\nRUN mkdir /d; ln -s ${canaryFolder}/canary /d/null; ln -s ${canaryFolder}/written /d/console\n`;
    const mounted = 'RUN --mount=type=bind,from=linked,source=/d,target=/dev,rw ls /none; cat /dev/null; true\n';
    const Dockerfile = `${linked}FROM busybox\n${mounted}`;
    await attack(t, { files: { Dockerfile }, plain: 'links of an image lead into the image' });
    // The builder's own /dev is mounted over a link in the image.
    const whole = 'FROM scratch\nCOPY --from=linked /d /d\nCOPY --from=busybox /bin /bin\n';
    const swapped = `${linked}RUN ln -s ${canaryFolder} /dev2\n${whole}COPY --from=linked /dev2 /dev\nRUN ls /none; cat /dev/canary; true\n`;
    await attack(t, { files: { Dockerfile: swapped }, plain: 'links of an image lead into the image' });
    assert.equal(statSync(join(canaryFolder, 'canary')).uid, uid);
    assert.deepEqual(readdirSync(canaryFolder).sort(), ['canary', 'stub']);
  });

  test('CVE-2024-23650, -23653, 2026-33747, -15791, -15792, -15793, GHSA-7236-3392-c5c6: a frontend of the attacker’s', async (t) => {
    const Dockerfile = '# syntax=docker.io/library/smuggler:latest\nFROM busybox\nRUN cat /none; true\n';
    await attack(t, { files: { Dockerfile }, plain: 'its image would have to come from a registry' });
  });

  test('CVE-2026-46680, 2024-40635: a user whose number is too large, which is root', {
    skip: skipLongReason,
  }, async (t) => {
    const id = '4294967296';
    const named = `RUN mkdir -p /etc; echo "${id}:x:0:0::/:/bin/sh" > /etc/passwd`;
    const read = `cat /proc/1/root${canaryFolder}/canary; ls /none; true`;
    const Dockerfile = `FROM busybox\n${named}\nUSER ${id}\nRUN ${read}\n`;
    await attack(t, { files: { Dockerfile }, plain: 'root in a step is root in its container only' });
  });

  test('CVE-2026-61801, GHSA-72x6-4j93-7w86: an /etc/passwd that fills the memory of the builder ends its build alone', {
    skip: skipLongReason,
  }, async (t) => {
    const Dockerfile =
      'FROM busybox\nRUN mkdir -p /etc; rm -f /etc/passwd; truncate -s 8G /etc/passwd\nUSER somebody\nRUN true\n';
    const { outcome, output } = await runToEnd(under.sandbox, under.prepare({ Dockerfile }, { bases: [under.base] }));
    assert.notEqual(outcome.phase, 'done', output);
    t.diagnostic(`it ends with ${outcome.reason}`);
    const next = await runToEnd(
      under.sandbox,
      under.prepare({ Dockerfile: 'FROM busybox\nRUN true\n' }, { bases: [under.base] }),
    );
    assert.equal(next.outcome.phase, 'done', next.output);
  });

  test('a bind mount whose source is a link in the source', async (t) => {
    const Dockerfile = 'FROM busybox\nRUN --mount=type=bind,source=link,target=/h cat /h/canary; true\n';
    const prepare = (context: string) => symlinkSync(canaryFolder, join(context, 'link'));
    await attack(t, { files: { Dockerfile }, prepare, plain: 'BuildKit follows links within the source' });
  });

  test('an ONBUILD of a base that smuggles in such a mount', async (t) => {
    const onBuild = [
      'RUN ln -s / /link',
      `RUN --mount=type=bind,from=hostile,source=/link,target=/h cat /h${canaryFolder}/canary; true`,
    ];
    const Dockerfile = 'FROM busybox AS hostile\nRUN ln -s / /link\nFROM smuggler\nCOPY --from=hostile /bin/sh /x\n';
    await attack(t, { files: { Dockerfile }, onBuild, plain: 'BuildKit follows links within the stage' });
  });

  test('transports that name an image among the host’s files, behind an ARG', async (t) => {
    const image = join(canaryFolder, 'image');
    writeBusyboxImage(image, { Env: ['PATH=/bin', `TOLD=${CANARY}`] });
    try {
      const Dockerfile = `ARG T=dir:${image}\nFROM \${T}\nRUN echo "env $TOLD"\n`;
      await attack(t, { files: { Dockerfile }, plain: 'BuildKit knows no transports' });
    } finally {
      rmSync(image, { recursive: true });
    }
  });

  test('ADD of an address on the host’s loopback, and a RUN that asks it', async (t) => {
    const server = createServer((socket) => {
      const body = `${CANARY}\n`;
      socket.on('error', () => socket.destroy());
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    try {
      const { port } = server.address() as AddressInfo;
      const added = `FROM busybox\nADD http://127.0.0.1:${port}/x /x\nRUN cat /x\n`;
      await attack(t, { files: { Dockerfile: added }, plain: 'shows it' });
      const asked = `FROM busybox\nRUN nc 127.0.0.1 ${port} </dev/null || echo not found\n`;
      await attack(t, { files: { Dockerfile: asked }, plain: 'shows it' });
    } finally {
      server.close();
    }
  });

  test('a RUN that reads the host’s processes', async (t) => {
    const child = spawn('/bin/sleep', ['600'], { argv0: CANARY, stdio: 'ignore' });
    try {
      const Dockerfile = `FROM busybox\nRUN tr '\\0' '\\n' < /proc/${child.pid}/cmdline; true\n`;
      await attack(t, { files: { Dockerfile }, plain: 'a step of BuildKit sees its own processes' });
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('a RUN whose root is the machine’s, so that a single kernel hole is enough', async (t) => {
    const told = `[ "$(cat /proc/self/uid_map | tr -s ' ')" = " 0 0 4294967295" ] && echo ${CANARY} || echo not found`;
    await attack(t, { files: { Dockerfile: `FROM busybox\nRUN ${told}\n` }, plain: 'shows it' });
  });

  async function attack(t: TestContext, hostile: Attack): Promise<void> {
    const { files, prepare, onBuild } = hostile;
    if (plain) await runControl(t, plain, hostile);
    const bases = [under.base];
    if (onBuild) {
      const name = 'docker.io/library/smuggler:latest';
      bases.push(await loadBusybox(under.sandbox, under.dataFolder, { OnBuild: onBuild }, name));
    }
    for (const egress of egresses) {
      const request = under.prepare(files, { bases, egress });
      prepare?.(join(under.dataFolder, 'work', request.buildId, 'context'));
      const { output } = await runToEnd(under.sandbox, request);
      assert.doesNotMatch(told(output), new RegExp(CANARY), egress);
      assertUntouched(egress);
      assert.match(output, /Error|No such file|can't open|not found|nonexistent/i, 'the attack ran and was answered');
    }
  }

  /** The attack on the builder without a sandbox: it must end as declared. */
  async function runControl(t: TestContext, control: PlainBuildkit, hostile: Attack): Promise<void> {
    control.addBase('docker.io/library/busybox:latest', (folder) => writeBusyboxImage(folder));
    const config = { OnBuild: hostile.onBuild ?? [] };
    control.addBase('docker.io/library/smuggler:latest', (folder) => writeBusyboxImage(folder, config));
    const context = mkdtempSync(join(tmpdir(), 'slipway-context-'));
    try {
      writeContext(context, hostile.files);
      hostile.prepare?.(context);
      const { output } = await control.build(context);
      const isShown = told(output).includes(CANARY);
      assert.equal(isShown, hostile.plain === 'shows it', output);
      if (!isShown) t.diagnostic(`plain BuildKit does not show it either: ${hostile.plain}`);
      assertUntouched('without a sandbox');
    } finally {
      rmSync(context, { recursive: true });
    }
  }

  function assertUntouched(where: string): void {
    assert.ok(!readdirSync(canaryFolder).includes('written'), where);
    assert.ok(existsSync(join(canaryFolder, 'stub')), where);
  }
});

/** What a build printed, without the lines that only repeat the Dockerfile. */
function told(output: string): string {
  return output
    .split('\n')
    .filter(
      (line) =>
        !/^#\d+ \[|^ > |^(?:CACHED )?(?:\[[^\]]+\] )?STEP \d+\/\d+: |^ +\d+ \| |^\S+ +\d+ \| |ERROR: /.test(line),
    )
    .join('\n');
}
