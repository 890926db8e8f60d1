import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBusyboxImage } from './busybox-image.ts';
import { writeContext } from './sandbox-under-test.ts';

/** buildah as root on the host, without a sandbox: the control of an escape test. */
export interface PlainBuildah {
  /** Builds a source of these files and gives all it printed; `prepare` may change the context's folder before. */
  build(files: Record<string, string>, prepare?: (context: string) => void): Promise<string>;
  /** A busybox image with more in its configuration, under a name. */
  addImage(name: string, config: object): Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 120_000;

/** Starts with the busybox image in a store of its own. Call `close` in the end. */
export async function openPlainBuildah(): Promise<PlainBuildah> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-plain-'));
  const store = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'];
  const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder };
  const run = (...args: string[]): Promise<string> =>
    new Promise((resolve) => {
      execFile('buildah', [...store, ...args], { timeout: TIMEOUT_MS, env }, (_error, stdout, stderr) =>
        resolve(`${stdout}${stderr}`),
      );
    });
  let places = 0;
  const plain: PlainBuildah = {
    build: (files, prepare) => {
      const context = join(folder, `context-${++places}`);
      writeContext(context, files);
      prepare?.(context);
      return run('bud', '--pull=never', '--isolation', 'chroot', '-t', 'localhost/result', context);
    },
    addImage: async (name, config) => {
      const image = join(folder, `image-${++places}`);
      writeBusyboxImage(image, config);
      await run('tag', (await run('pull', '-q', `dir:${image}`)).trim(), name);
    },
    close: async () => {
      await run('rm', '--all');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await plain.addImage('docker.io/library/busybox:latest', {});
  return plain;
}
