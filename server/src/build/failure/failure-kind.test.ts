import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '#settings/config.ts';
import { commandOf, FACT_NAMES, FAILURES, FAULT_SENTENCES, failureRow, fixesFor } from './failure-kind.ts';
import type { FixRow } from './failure-row.ts';

test('every way to fail has a sentence, a fault, and a fix whose setting exists; a fault of the settings has a setting or a command', () => {
  const settings = readConfig([], {});
  for (const [kind, { fault, cause, fixes }] of Object.entries(FAILURES)) {
    assert.match(kind, /^[a-z]+(-[a-z]+)*$/);
    assert.match(cause, /^[A-Z][^|\n]*\.$/, kind);
    assert.ok(FAULT_SENTENCES[fault], kind);
    assert.ok(fixes.length > 0, kind);
    if (fault === 'settings')
      assert.ok(
        fixes.some(({ setting, command }) => setting ?? command),
        kind,
      );
    for (const fix of fixes) {
      const { text, setting } = fix;
      assert.match(text, /^[A-Z][^|\n]*\.$/, kind);
      if (setting !== undefined)
        assert.ok(Object.hasOwn(settings, setting) || UNSET.has(setting), `${kind}: ${setting}`);
      // A fix has one command, and what builds again depends on the source.
      assert.ok(!fix.rebuild || fix.command === undefined, kind);
      assert.doesNotMatch(fix.command ?? '', /^slipway rebuild/, kind);
      for (const [, name] of (commandOf(fix) ?? '').matchAll(/\{([^}]*)\}/g))
        assert.ok((FACT_NAMES as readonly string[]).includes(name ?? ''), `${kind}: ${name}`);
    }
  }
});

/** Settings without a default, which an empty configuration lacks. */
const UNSET = new Set(['proxy', 'trusted-ca-file']);

test('a fact fills a command only as one plain word, so that nothing a tenant chose runs when the command is pasted', () => {
  const commandsOf = (kind: string, facts: object) => fixesFor(kind, facts).flatMap(({ command }) => command ?? []);
  assert.deepEqual(commandsOf('secret-missing', { secret: 'npm_token', repository: 'team/app' }), [
    'slipway secret set npm_token --repository team/app',
    'slipway build . --secret id=npm_token,src=FILE',
  ]);
  for (const secret of [
    '$(reboot)',
    'a;b',
    'a b',
    '--json',
    '`x`',
    "a'b",
    'a\nb',
    '',
    'x'.repeat(301),
    '***',
    '~',
    'a,env=B',
    'a=b',
  ])
    assert.deepEqual(commandsOf('secret-missing', { secret }), [
      'slipway secret set SECRET --repository REPOSITORY',
      'slipway build . --secret id=SECRET,src=FILE',
    ]);
});

test('the id of an SSH key adds nothing to the option that it fills', () => {
  for (const secret of ['a=/etc/shadow', 'a,b'])
    assert.equal(fixesFor('ssh-key-missing', { secret })[0]?.command, 'slipway build . --ssh SECRET=KEYFILE');
  assert.equal(fixesFor('ssh-key-missing', { secret: 'a' })[0]?.command, 'slipway build . --ssh a=KEYFILE');
});

test('a source that names an address is not told to set a code host', () => {
  const commandsOf = (facts: object) =>
    fixesFor('source-address-denied', facts).map(({ command, setting }) => command ?? setting);
  assert.deepEqual(commandsOf({}), ['allow-addresses']);
  assert.match(
    fixesFor('source-address-denied', {})[0]?.text ?? '',
    /^Allow the address/,
    'the only way is no alternative',
  );
  assert.deepEqual(commandsOf({ type: 'GITLAB' }), ['slipway source set GITLAB --allow-private', 'allow-addresses']);
});

test('a folder that was sent is sent again, since the server does not keep it to rebuild', () => {
  const facts = { build: '1', repository: 'team/app', tag: 'v1' };
  for (const kind of ['server-stopped', 'worker-lost', 'helper-died', 'base-unreachable', 'cancelled']) {
    const commandsOf = (isSent: boolean) => fixesFor(kind, facts, isSent).map(({ command }) => command);
    assert.ok(commandsOf(false).includes('slipway rebuild 1'), kind);
    assert.ok(commandsOf(true).includes('slipway build FOLDER --tag team/app:v1'), kind);
    assert.ok(!commandsOf(true).includes('slipway rebuild 1'), kind);
  }
});

test('what the simulator only explains, and what only the log tells, is not called a fix by another command', () => {
  for (const [kind, { fixes }] of Object.entries(FAILURES))
    for (const { text, command } of fixes as readonly FixRow[]) {
      if (command?.startsWith('slipway policy simulate')) assert.match(text, /[Ss]ee which statement/, kind);
      if (/log of the server/.test(text)) assert.equal(command, 'journalctl -u slipway', kind);
    }
});

test('a record from before kinds, or from a newer server, has no fixes', () => {
  for (const kind of [undefined, 'constructor', 'of-tomorrow']) {
    assert.equal(failureRow(kind), undefined);
    assert.deepEqual(fixesFor(kind, {}), []);
  }
});
