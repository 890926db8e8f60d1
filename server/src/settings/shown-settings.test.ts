import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings } from './config.ts';
import { shownSettings } from './shown-settings.ts';

const SECRETS = {
  SLIPWAY_ROOT_ACCESS_KEY_ID: 'owner',
  SLIPWAY_ROOT_ACCESS_KEY_SECRET: 'hidden-1',
  SLIPWAY_SCANNER_AUTHORIZATION: 'Bearer hidden-2',
  SLIPWAY_BUILD_ENVIRONMENT: 'PIP_INDEX_URL=https://me:hidden-3@pypi.example/x=1,A=hidden-4',
  SLIPWAY_OTLP_URL: 'https://traces.example:4318/hidden-5/otlp',
  SLIPWAY_SCANNER_URL: 'http://trivy:8080/hidden-6',
  SLIPWAY_SMTP_URL: 'smtp://mail.example',
  SLIPWAY_SMTP_FROM: 'slipway@example.com',
  SLIPWAY_SMTP_USER: 'hidden-7',
  SLIPWAY_SMTP_PASSWORD_FILE: '/etc/slipway/password',
};

test('each setting is shown with its value, its default, and where it was set', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-shown-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'slipway.json');
  writeFileSync(file, '{"build-processes":200,"allow-addresses":["10.0.0.0/8","10.1.0.0/16"]}');
  const argv = ['--build-cpus', '5', '--no-builds', '--config', file, '--data', './here'];
  const find = shownBy(argv, { SLIPWAY_USER: 'builder' });
  assert.deepEqual(find('build-cpus'), ['5', '2', 'flag']);
  assert.deepEqual(find('no-builds'), ['true', 'false', 'flag']);
  assert.deepEqual(find('user'), ['builder', 'slipway', 'environment']);
  assert.deepEqual(find('build-processes'), ['200', '4096', 'file']);
  assert.deepEqual(find('allow-addresses'), ['10.0.0.0/8,10.1.0.0/16', undefined, 'file']);
  assert.deepEqual(find('data'), [join(process.cwd(), 'here'), './data', 'flag']);
  assert.deepEqual(find('listen'), ['127.0.0.1:8720', '127.0.0.1:8720', 'default']);
  assert.deepEqual(find('tls-cert'), [undefined, undefined, 'default']);
});

test('no secret is shown, only that it is set', () => {
  const { config, given } = readSettings([], SECRETS);
  const shown = shownSettings(given, config);
  assert.doesNotMatch(JSON.stringify(shown), /hidden/);
  const find = shownBy([], SECRETS);
  assert.deepEqual(find('root-access-key-id'), ['owner', undefined, 'environment']);
  assert.deepEqual(find('root-access-key-secret'), [undefined, undefined, 'environment']);
  assert.deepEqual(find('build-environment'), ['PIP_INDEX_URL=…,A=…', undefined, 'environment']);
  assert.deepEqual(find('otlp-url'), ['https://traces.example:4318/…', undefined, 'environment']);
  assert.deepEqual(find('scanner-url'), ['http://trivy:8080/…', undefined, 'environment']);
  assert.deepEqual(find('smtp-user'), [undefined, undefined, 'environment']);
  // A URL that has nothing to hide is shown whole, and not as a secret.
  const plain = readSettings(['--otlp-url', 'http://collector:4318/'], {});
  const { value, isSecret } =
    shownSettings(plain.given, plain.config).find((each) => each.name === 'otlp-url') ?? assert.fail();
  assert.deepEqual([value, isSecret], ['http://collector:4318/', false]);
});

function shownBy(argv: string[], env: NodeJS.ProcessEnv) {
  const { config, given } = readSettings(argv, env);
  const shown = shownSettings(given, config);
  return (name: string) => {
    const { value, fallback, origin } = shown.find((each) => each.name === name) ?? {};
    return [value, fallback, origin];
  };
}
