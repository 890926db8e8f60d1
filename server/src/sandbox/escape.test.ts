import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { writeBusyboxImage } from './busybox-image.ts';
import { openPlainBuildah, type PlainBuildah } from './plain-buildah-under-test.ts';
import {
  loadBusybox,
  runToEnd,
  type SandboxUnderTest,
  skipLongReason,
  skipReason,
  startSandboxUnderTest,
} from './sandbox-under-test.ts';

const CANARY = 'CANARY-OF-THE-HOST';

/** What an attack is made of, and what of it the base image carries. */
interface Attack {
  files: Record<string, string>;
  /** Changes the context before it is built. */
  prepare?: (context: string) => void;
  onBuild?: string[];
}

// In the longer tier each attack first reaches its canary with plain buildah on this machine: what fails in the sandbox
// fails because of it. There it is tried without a network too.
const egresses = skipLongReason ? (['world'] as const) : (['none', 'world'] as const);

describe('what escapes from plain buildah stays in the sandbox', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  let plain: PlainBuildah | undefined;
  let canaryFolder: string;
  before(async () => {
    under = await startSandboxUnderTest();
    if (!skipLongReason) plain = await openPlainBuildah();
    canaryFolder = mkdtempSync(join(tmpdir(), 'slipway-canary-'));
    writeFileSync(join(canaryFolder, 'canary'), `${CANARY}\n`);
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
    await attack(t, { files: { Dockerfile } });
  });

  test('CVE-2024-9675: a cache mount that climbs out of its folder', async (t) => {
    const mount = `--mount=type=cache,id=${'../'.repeat(12)}${canaryFolder.slice(1)},target=/h`;
    await attack(t, { files: { Dockerfile: `FROM busybox\nRUN ${mount} cat /h/canary; echo x > /h/written; true\n` } });
  });

  test('CVE-2024-9407: a propagation of a bind mount that is no propagation', async (t) => {
    const mount = `--mount=type=bind,source=.,target=/h,bind-propagation=rbind:${canaryFolder}`;
    await attack(t, { files: { Dockerfile: `FROM busybox\nRUN ${mount} cat /h/canary; true\n` } });
  });

  test('a bind mount whose source is a link in the source', async (t) => {
    const Dockerfile = 'FROM busybox\nRUN --mount=type=bind,source=link,target=/h cat /h/canary; true\n';
    await attack(t, { files: { Dockerfile }, prepare: (context) => symlinkSync(canaryFolder, join(context, 'link')) });
  });

  test('ONBUILD of a base that smuggles such a mount in', async (t) => {
    const onBuild = [
      'RUN ln -s / /link',
      `RUN --mount=type=bind,from=hostile,source=/link,target=/h cat /h${canaryFolder}/canary; true`,
    ];
    const Dockerfile = 'FROM busybox AS hostile\nRUN ln -s / /link\nFROM smuggler\nCOPY --from=hostile /bin/sh /x\n';
    await attack(t, { files: { Dockerfile }, onBuild });
  });

  test('transports that name an image among the host’s files, behind an ARG', async (t) => {
    const image = join(canaryFolder, 'image');
    writeBusyboxImage(image, { Env: ['PATH=/bin', `TOLD=${CANARY}`] });
    try {
      const Dockerfile = `ARG T=dir:${image}\nFROM \${T}\nRUN echo "env $TOLD"\n`;
      await attack(t, { files: { Dockerfile } });
    } finally {
      rmSync(image, { recursive: true });
    }
  });

  test('ADD of an address on the host’s loopback', async (t) => {
    const server = createServer((socket) => {
      const body = `${CANARY}\n`;
      socket.on('error', () => socket.destroy());
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
      await attack(t, { files: { Dockerfile: `FROM busybox\nADD ${url} /x\nRUN cat /x\n` } });
    } finally {
      server.close();
    }
  });

  test('a RUN that reads the host’s processes', async (t) => {
    const child = spawn('/bin/sleep', ['600'], { argv0: CANARY, stdio: 'ignore' });
    try {
      const Dockerfile = `FROM busybox\nRUN tr '\\0' '\\n' < /proc/${child.pid}/cmdline; true\n`;
      await attack(t, { files: { Dockerfile } });
    } finally {
      child.kill('SIGKILL');
    }
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
      assert.ok(!readdirSync(canaryFolder).includes('written'), egress);
      assert.match(output, /Error|No such file|can't open|not found|nonexistent/i, 'the attack ran and was answered');
    }
  }

  /** The attack without a sandbox; says so where it does not reach the canary. */
  async function runControl(t: TestContext, control: PlainBuildah, { files, prepare, onBuild }: Attack): Promise<void> {
    if (onBuild) await control.addImage('docker.io/library/smuggler:latest', { OnBuild: onBuild });
    const words = told(await control.build(files, prepare));
    if (!words.includes(CANARY))
      t.diagnostic(`the control does not reach the canary on this machine: ${words.slice(-300)}`);
    rmSync(join(canaryFolder, 'written'), { force: true });
  }
});

/** What a build printed without the lines that only repeat the Dockerfile. */
function told(output: string): string {
  return output
    .split('\n')
    .filter((line) => !/STEP|^\[\S+\] |^ +\d+ \| |^ERROR: /.test(line))
    .join('\n');
}
