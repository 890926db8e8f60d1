import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, globSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { blocksOf, hasLine, outputsOf, scriptOf } from '../support/documented-blocks.ts';
import { makeAuthority } from '../support/peers/certificates.ts';
import { deliverPushes } from '../support/peers/deliver-pushes.ts';
import { startGitHost } from '../support/peers/git-host.ts';
import { cleanEnvironment, LAUNCHER, ROOT, startServer, temporaryFolder } from '../support/slipway.ts';

const LONG = process.env.SLIPWAY_TEST_LONG === '1';
// The other pages continue where the tutorial ends.
const TUTORIAL = 'docs/tutorial.md';
const OTHERS = globSync('docs/{guides/,}*.md', { cwd: ROOT }).sort();
const PAGES = [TUTORIAL, ...OTHERS.filter((page) => LONG && page !== TUTORIAL && blocksOf(page).length > 0)];

/*
 * Runs every command of the tutorial, and in the longer tier those of all pages, in order, as a reader would. Names of
 * hosts and folders are replaced by those of this machine.
 */
test(`the commands of ${LONG ? 'every page' : TUTORIAL} do what the page says`, {
  skip: process.getuid?.() !== 0 && 'needs root, as building does',
}, async (t) => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const authority = makeAuthority(folder);
  const { cert, key } = authority.issue('127.0.0.1');
  // No mail is sent: no build fails after the page whose rule would send one.
  const mail = ['--smtp-url', 'smtp://mail.example', '--smtp-from', 'slipway@mail.example'];
  const server = await startServer(t, { flags: ['--tls-cert', cert, '--tls-key', key, ...mail] });
  const host = await startGitHost(t, { pushes: true });
  host.addRepository('team/app', { 'README.md': 'an app\n' });
  const home = temporaryFolder(t);
  for (const page of PAGES)
    await t.test(page, (t) =>
      runPage(t, page, {
        home,
        certificate: authority.certificate,
        gitUrl: host.url,
        gitFolder: host.folder,
        endpoint: server.root.Endpoint,
        dataFolder: server.dataFolder,
      }),
    );
});

interface Place {
  /** The reader's home folder. */
  readonly home: string;
  readonly certificate: string;
  readonly gitUrl: string;
  readonly gitFolder: string;
  readonly endpoint: string;
  readonly dataFolder: string;
}

async function runPage(t: TestContext, page: string, place: Place): Promise<void> {
  const blocks = blocksOf(page);
  for (const { place, skipped } of blocks)
    if (skipped !== undefined) t.diagnostic(`skipped the commands at ${place}: ${skipped}`);
  const { home } = place;
  const folder = join(home, basename(page, '.md'));
  const programs = join(home, 'bin');
  for (const each of [folder, programs]) mkdirSync(each, { recursive: true });
  const output = join(folder, 'output');
  for (const [name, text] of [
    ['slipway', `exec '${LAUNCHER}' "$@"`],
    ['sudo', 'while [ "${1#-}" != "$1" ]; do shift; done; exec env "$@"'],
  ])
    writeFileSync(join(programs, String(name)), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  writeFileSync(join(home, 'token'), 'token-of-the-code-host');
  const { gitFolder, certificate } = place;
  deliverPushes({ repository: join(gitFolder, 'team/app.git'), certificate, output });
  const child = spawn('bash', ['-c', asHere(scriptOf(blocks), place)], {
    cwd: folder,
    env: {
      ...cleanEnvironment(),
      ...Object.fromEntries(
        ['AUTHOR', 'COMMITTER'].flatMap((who) => [
          [`GIT_${who}_NAME`, 'Ada'],
          [`GIT_${who}_EMAIL`, 'ada@example.com'],
        ]),
      ),
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      PATH: `${programs}:${process.env.PATH}`,
      SLIPWAY_CA_FILE: place.certificate,
      SSL_CERT_FILE: place.certificate,
      CURL_CA_BUNDLE: place.certificate,
    },
    stdio: ['ignore', openSync(output, 'a'), openSync(output, 'a')],
  });
  const [code] = await once(child, 'close');
  const text = readFileSync(output, 'utf8');
  const outputs = outputsOf(text);
  const last = blocks[Number([...outputs.keys()].at(-1))]?.place ?? 'the end';
  assert.equal(code, 0, `the commands at ${last} ended with ${code}: ${text}`);
  for (const [at, block] of blocks.entries())
    if (block.skipped === undefined)
      for (const line of block.output)
        assert.ok(
          hasLine(outputs.get(String(at)) ?? '', asHere(line, place)),
          `${block.place} did not print “${line}”: ${outputs.get(String(at))}`,
        );
}

/** Puts what this machine has in place of the documentation's examples. */
function asHere(text: string, { home, endpoint, gitUrl, dataFolder }: Place): string {
  return text
    .replaceAll(/--base-url https:\/\/git\.example/g, `--base-url ${gitUrl} --allow-private`)
    .replaceAll('https://git.example', gitUrl)
    .replaceAll('https://build.example', endpoint)
    .replaceAll('build.example', new URL(endpoint).host)
    .replaceAll(/\/var\/lib\/slipway\/data|\/srv\/slipway/g, dataFolder)
    .replaceAll(/\/srv\/|\/backups\//g, `${home}/kept/`);
}
