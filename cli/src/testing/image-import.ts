import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { Command } from 'commander';

import { type RegistryUnderTest, ROOT_PASSWORD, ROOT_USER } from '../../../server/src/routes/testing/registry.ts';
import { registerImageImport } from '../commands/image-import.ts';
import { CliError } from '../error/cli-error.ts';

/** An image as skopeo pulled it. */
export interface Pulled {
  folder: string;
  digest: string;
  manifest: { config: { digest: string }; layers: { digest: string }[] };
  config: { rootfs: { diff_ids: string[] }; config: { Cmd?: string[] } };
}

interface Login {
  accessKeySecret?: string;
  endpoint?: string;
}

const run = promisify(execFile);

/** Runs `image import` against a registry and checks the result. */
export class Importer {
  readonly #registry: RegistryUnderTest;

  constructor(registry: RegistryUnderTest) {
    this.#registry = registry;
  }

  /** Runs the command; it must succeed. */
  async import(...args: string[]): Promise<{ digest: string; stdout: string; stderr: string }> {
    const said = await this.#run(args);
    const digest = /^digest (sha256:[0-9a-f]{64})$/m.exec(said.stdout)?.[1];
    assert.ok(digest, said.stdout);
    return { digest, ...said };
  }

  /** Runs the command; it must fail like this, and leave nothing in the temporary folder. */
  async fails(args: string[], exitCode: number, message: RegExp, login: Login = {}): Promise<void> {
    await assert.rejects(this.#run(args, login), (cause: unknown) => {
      assert.ok(cause instanceof CliError, `${args.join(' ')}: ${String(cause)}`);
      assert.match(cause.message, message);
      assert.equal(cause.exitCode, exitCode);
      return true;
    });
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith('slipway-import-'));
    assert.deepEqual(left, []);
  }

  /** Pulls an image with skopeo. */
  async pull(context: TestContext, image: string): Promise<Pulled> {
    const base = await mkdtemp(join(tmpdir(), 'slipway-pulled-'));
    context.after(() => rm(base, { recursive: true, force: true }));
    const folder = join(base, 'image');
    await this.copy(image, `dir:${folder}`);
    const bytes = await readFile(join(folder, 'manifest.json'));
    const manifest = JSON.parse(bytes.toString());
    const config = JSON.parse(await readFile(join(folder, manifest.config.digest.slice(7)), 'utf8'));
    return { folder, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, manifest, config };
  }

  /** Copies an image out of the registry with skopeo. */
  async copy(image: string, target: string): Promise<void> {
    const source = `docker://${new URL(this.#registry.url).host}/${image}`;
    const authFile = await this.#registry.rootAuthFile();
    await run('skopeo', ['copy', '--src-tls-verify=false', '--src-authfile', authFile, source, target]);
  }

  async #run(args: string[], login: Login = {}): Promise<{ stdout: string; stderr: string }> {
    const said = { stdout: '', stderr: '' };
    const sink = (name: 'stdout' | 'stderr') => ({
      write: (text: string | Uint8Array) => {
        said[name] += text.toString();
      },
    });
    const server = {
      endpoint: this.#registry.url,
      accessKeyId: ROOT_USER,
      accessKeySecret: ROOT_PASSWORD,
      imageHost: new URL(this.#registry.url).host,
      // These tests use no images of foreign registries.
      client: { call: async () => assert.fail('no operation is called') },
      beforeSend: () => undefined,
      embedded: false,
      ...login,
    };
    const program = new Command('slipway').exitOverride();
    registerImageImport(program, (_, act) => act(server), { stdout: sink('stdout'), stderr: sink('stderr') });
    await program.parseAsync(['node', 'slipway', 'image', 'import', ...args]);
    return said;
  }
}
