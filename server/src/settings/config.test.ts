import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError, readConfig } from './config.ts';

test('a flag wins over a variable, a variable over the file, the file over the default', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'slipway.json');
  writeFileSync(file, JSON.stringify({ 'build-cpus': 3, 'build-processes': 200, user: 'from-file' }));
  const config = readConfig(['--build-cpus', '5', '--config', file], {
    SLIPWAY_BUILD_CPUS: '4',
    SLIPWAY_USER: 'from-env',
  });
  assert.equal(config['build-cpus'], 5);
  assert.equal(config.user, 'from-env');
  assert.equal(config['build-processes'], 200);
  assert.equal(config['build-timeout-seconds'], 3600);
});

test('all mistakes are reported together, each with the setting, the value and what it must be', () => {
  const env = { SLIPWAY_BUILD_CPUS: 'many', SLIPWAY_ROOT_ACCESS_KEY_ID: 'alone' };
  assert.throws(
    () => readConfig(['--listen', 'nowhere'], env),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(error.mistakes, [
        '--listen is "nowhere"; it must be HOST:PORT, such as 127.0.0.1:8720',
        'SLIPWAY_BUILD_CPUS is "many"; it must be a whole number from 1 to 256',
        'root-access-key-id and root-access-key-secret go together; set both or neither',
      ]);
      return true;
    },
  );
});

test('a mistaken value that may be secret is not shown, nor is the login in a URL, nor what a broken file has', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'slipway.json');
  writeFileSync(file, '{"scanner-authorization":hidden}');
  const mistakes = (argv: string[], env: NodeJS.ProcessEnv = {}): string => {
    try {
      return readConfig(argv, env) && '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  for (const [argv, env, expected] of [
    [
      [],
      { SLIPWAY_BUILD_ENVIRONMENT: 'TOKEN hidden' },
      'SLIPWAY_BUILD_ENVIRONMENT is not valid; it must be a list of NAME=value, separated by commas',
    ],
    [
      ['--otlp-url', 'otlp.example/hidden'],
      {},
      '--otlp-url is not valid; it must be http:// or https:// with a host and an optional port and a path',
    ],
    [
      ['--proxy', 'http://me:hid@den@proxy.example'],
      {},
      `--proxy is "http://…@proxy.example"; it must be http:// with a host and an optional port, without a path and a password`,
    ],
    [
      ['--proxy', 'me:hidden@proxy.example:3128'],
      {},
      `--proxy is "…@proxy.example:3128"; it must be http:// with a host and an optional port, without a path and a password`,
    ],
    [
      ['--public-url', 'https://slipway.example/?token=hidden'],
      {},
      `--public-url is "https://slipway.example/?…"; it must be http:// or https:// with a host and an optional port, without a path`,
    ],
    [
      ['--public-url', 'http://me:hid/den@slipway.example'],
      {},
      `--public-url is "http://…@slipway.example"; it must be http:// or https:// with a host and an optional port, without a path`,
    ],
    [['--config', file], {}, `the configuration file ${file} cannot be read as a JSON object: Unexpected token 'h'`],
  ] as const)
    assert.equal(mistakes([...argv], env), expected);
});

test('a setting that is true or false may be given as a flag alone', () => {
  for (const argv of [
    ['--no-builds', '--user', 'x'],
    ['--user', 'x', '--no-builds'],
    ['--no-builds', 'true', '--user', 'x'],
  ]) {
    const config = readConfig(argv, {});
    assert.deepEqual([config['no-builds'], config.user], [true, 'x']);
  }
  assert.equal(readConfig(['--no-builds', 'false'], {})['no-builds'], false);
  assert.throws(() => readConfig(['--user'], {}), ConfigError);
});

test('a server that accepts no builds has the role api, and cannot be told to run them', () => {
  assert.deepEqual([readConfig([], {}).role, readConfig(['--role', 'api'], {}).role], ['all', 'api']);
  assert.equal(readConfig(['--no-builds'], {}).role, 'api');
  assert.equal(readConfig(['--no-builds', '--role', 'api'], {}).role, 'api');
  assert.throws(() => readConfig(['--no-builds', '--role', 'all'], {}), {
    message: '--role is all, but no-builds is set; remove one of them',
  });
  assert.throws(() => readConfig(['--role', 'worker'], {}), { message: '--role is "worker"; it must be all or api' });
});

test('data in memory is only for servers without builds; ./memory is a folder', () => {
  assert.equal(readConfig(['--data', 'memory', '--no-builds'], {}).data, 'memory');
  assert.equal(readConfig(['--data', './memory'], {}).data, join(process.cwd(), 'memory'));
  assert.throws(() => readConfig(['--data', 'memory'], {}), {
    message: 'data is memory, which is too small for builds; set no-builds too, or name a folder (./memory is one)',
  });
});

test('a proxy is an http:// address without a password, and its exceptions are a list of hosts and ranges', () => {
  for (const proxy of ['https://p:1', 'http://me:pw@p:1', 'p:1', 'http://p/path', "http://p'"])
    assert.throws(() => readConfig(['--proxy', proxy], {}), {
      message: /--proxy is .*; it must be http:\/\/ with a host/,
    });
  for (const entry of ['10.0.0.0/33', 'http://a', 'a b', 'fd00::/200'])
    assert.throws(() => readConfig(['--no-proxy', entry], {}), { message: /--no-proxy is .*; it must be a list/ });
  const { proxy, 'no-proxy': direct } = readConfig(
    ['--proxy', 'http://proxy.example:3128/', '--no-proxy', 'git.example, .corp.example,10.0.0.0/8,fd00::/8,*'],
    {},
  );
  assert.equal(proxy, 'http://proxy.example:3128');
  assert.deepEqual(direct, ['git.example', '.corp.example', '10.0.0.0/8', 'fd00::/8', '*']);
});

test('a frontend that no Dockerfile could name is refused, not allowed in vain', () => {
  const frontends = (value: string) => readConfig(['--dockerfile-frontends', value], {})['dockerfile-frontends'];
  assert.deepEqual(frontends('docker/dockerfile, ghcr.example:5000/a/b:1'), [
    'docker/dockerfile',
    'ghcr.example:5000/a/b:1',
  ]);
  for (const value of ['docker/dockerfile:', 'docker//dockerfile', 'https://x/y', 'docker/X', 'a/b:1*', 'a/b@sha256:1'])
    assert.throws(() => frontends(value), {
      message: /--dockerfile-frontends is .*; it must be a list of image names/,
    });
});

test('an unknown flag and an unknown key of the file are refused by name', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'slipway.json');
  writeFileSync(file, '{"lisen":"127.0.0.1:1"}');
  assert.throws(() => readConfig(['--lisen', 'x'], {}), /--lisen/);
  assert.throws(() => readConfig(['--config', file], {}), /unknown key "lisen"/);
});
