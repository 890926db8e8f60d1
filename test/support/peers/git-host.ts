import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { atEnd, temporaryFolder } from '../slipway.ts';

/** Git's own HTTP server, over loopback. */
export interface GitHost {
  url: string;
  /** The folder of its repositories, for tests that need more than the two functions below. */
  folder: string;
  /**
   * Makes `NAMESPACE/NAME.git` with one commit on `main`; returns the commit's id. `files` is a folder, or texts by
   * path.
   */
  addRepository(path: string, files: string | Record<string, string>): string;
  /** Changes files on `main` of a repository; returns the new commit's id. */
  addCommit(path: string, files: Record<string, string>): string;
}

/**
 * Serves repositories in a temporary folder with `git http-backend`; if an Authorization is given, only to requests
 * that have it.
 */
export async function startGitHost(
  t: TestContext,
  options: {
    authorization?: string;
    /** Whether anyone may push. */
    pushes?: boolean;
    onRequest?: (request: IncomingMessage) => void;
    tls?: { cert: string; key: string };
    /** The loopback address that it listens on. */
    address?: '127.0.0.1' | '::1';
  } = {},
): Promise<GitHost> {
  const folder = temporaryFolder(t);
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    options.onRequest?.(request);
    if (options.authorization !== undefined && request.headers.authorization !== options.authorization) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const url = new URL(request.url ?? '/', 'http://git');
    const child = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env.PATH ?? '',
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_CONFIG_COUNT: '2',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: '*',
        GIT_CONFIG_KEY_1: 'http.receivepack',
        GIT_CONFIG_VALUE_1: String(options.pushes ?? false),
        PATH_INFO: decodeURIComponent(url.pathname),
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
    });
    request.pipe(child.stdin);
    child.stdin.on('error', () => request.unpipe());
    let head = Buffer.alloc(0);
    child.stdout.on('data', (chunk: Buffer) => {
      if (response.headersSent) return void response.write(chunk);
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const headers = head
        .subarray(0, end)
        .toString()
        .split('\r\n')
        .map((line) => line.split(/: (.*)/s));
      const status = headers.find(([name]) => name === 'Status')?.[1];
      response.writeHead(
        status === undefined ? 200 : Number.parseInt(status, 10),
        Object.fromEntries(
          headers.filter(([name]) => name !== 'Status').map(([name = '', value = '']) => [name, value]),
        ),
      );
      response.write(head.subarray(end + 4));
    });
    child.stdout.on('end', () => response.end());
  };
  const { tls, address = '127.0.0.1' } = options;
  const server = tls
    ? createTlsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, answer)
    : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, address, () => resolve()));
  atEnd(t, () => server.close());
  const host = address === '::1' ? '[::1]' : address;
  const url = `${tls ? 'https' : 'http'}://${host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    folder,
    addRepository: (path, files) => addRepository(folder, path, files),
    addCommit: (path, files) => addCommit(folder, path, files),
  };
}

/** Changes files on `main` of `PATH.git`; returns the new commit’s id. */
export function addCommit(folder: string, path: string, files: Record<string, string>): string {
  const work = join(folder, `${path}.work`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(work, name), text);
  const git = gitIn(work);
  git('add', '--all');
  git('commit', '--quiet', '--message=Next commit');
  git('push', '--quiet', join(folder, `${path}.git`), 'main');
  return git('rev-parse', 'HEAD');
}

/** Adds submodules to `main` of a repository, with any URLs; returns the new commit's id. */
export function addSubmodules(
  folder: string,
  path: string,
  modules: readonly { at: string; url?: string; commitId: string }[],
): string {
  const work = join(folder, `${path}.work`);
  const git = gitIn(work);
  const entries = modules.filter(({ url }) => url !== undefined);
  const lines = entries.map(({ at, url }) => `[submodule "${at}"]\n\tpath = ${at}\n\turl = ${url}\n`);
  writeFileSync(join(work, '.gitmodules'), lines.join(''));
  git('add', '.gitmodules');
  const links = modules.flatMap(({ at, commitId }) => ['--cacheinfo', `160000,${commitId},${at}`]);
  git('update-index', '--add', ...links);
  git('commit', '--quiet', '--message=Add submodules');
  git('push', '--quiet', join(folder, `${path}.git`), 'main');
  return git('rev-parse', 'HEAD');
}

function gitIn(work: string): (...args: string[]) => string {
  return (...args) =>
    execFileSync('git', ['-C', work, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
}

/** Makes `PATH.git` from a folder, with one commit; returns the commit’s id. */
export function addRepository(folder: string, path: string, files: string | Record<string, string>): string {
  const work = join(folder, `${path}.work`);
  mkdirSync(work, { recursive: true });
  if (typeof files === 'string') cpSync(files, work, { recursive: true });
  else {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(work, name)), { recursive: true });
      writeFileSync(join(work, name), text);
    }
  }
  const git = gitIn(work);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=First commit');
  git('tag', 'v1');
  execFileSync('git', ['clone', '--quiet', '--bare', work, join(folder, `${path}.git`)], { stdio: 'pipe' });
  return git('rev-parse', 'HEAD');
}
