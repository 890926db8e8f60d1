import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operationSpecs } from '#rpc/spec.gen.ts';
import { parseParams } from './parse-params.ts';

const log = operationSpecs.ListRepoBuildRecordLog;
const rule = operationSpecs.CreateRepoBuildRule;
const IDS = { InstanceId: 'cri-1', RepoId: 'crr-1', BuildRecordId: 'b-1' };
const RULE_IDS = { InstanceId: 'cri-1', RepoId: 'crr-1', PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' };

const parse = (spec: Parameters<typeof parseParams>[0], sent: Record<string, string>) => ({
  ...parseParams(spec, new Map(Object.entries(sent))),
});

test('reads an offset of up to sixteen digits and 2^53-1', () => {
  assert.deepEqual(parse(log, IDS), IDS);
  assert.deepEqual(parse(log, { ...IDS, Offset: '' }), IDS);
  for (const [text, value] of [
    ['0', 0],
    ['007', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ] as const) {
    assert.deepEqual(parse(log, { ...IDS, Offset: text }), { ...IDS, Offset: value });
  }
});

test('refuses every other offset, naming the parameter and the value', () => {
  const bad = [
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x10',
    ' 5',
    '5 ',
    '５',
    'NaN',
    'Infinity',
    '-0',
    '9007199254740992',
    '1'.repeat(17),
  ];
  for (const text of bad) {
    const parsing = () => parse(log, { ...IDS, Offset: text });
    assert.throws(parsing, { code: 'InvalidParameter', status: 400 }, text);
    assert.throws(parsing, (error: Error) => error.message.includes('"Offset"') && error.message.includes(text));
  }
});

test('names a required parameter that is absent or empty', () => {
  for (const name of Object.keys(IDS)) {
    const message = `The input parameter "${name}" that is mandatory for processing this request is not supplied.`;
    assert.throws(() => parse(log, { ...IDS, [name]: '' }), { code: 'MissingParameter', status: 400, message });
  }
});

test('tolerates parameters that the operation does not know, and names of Object.prototype', () => {
  const more = { RegionId: 'x', __proto__x: '1', 'constructor.1': '2', 'toString.1': '3', 'hasOwnProperty.1.Key': '4' };
  assert.deepEqual(parse(log, { ...IDS, ...more, ['__proto__']: 'x', '__proto__.1': 'y' }), IDS);
  assert.equal(({} as Record<string, unknown>).Key, undefined);
});

test('reads dense lists and refuses gaps, numbers out of range and mixed entries', () => {
  const lists = { 'Platforms.2': 'linux/arm64', 'Platforms.1': 'linux/amd64', 'BuildArgs.1': 'A=1' };
  assert.deepEqual(parse(rule, { ...RULE_IDS, ...lists }), {
    ...RULE_IDS,
    Platforms: ['linux/amd64', 'linux/arm64'],
    BuildArgs: ['A=1'],
  });
  for (const name of [
    'BuildArgs.0',
    'BuildArgs.01',
    'BuildArgs.101',
    'BuildArgs.1000000',
    'BuildArgs.x',
    'BuildArgs.2',
    'BuildArgs.',
    'BuildArgs',
  ]) {
    assert.throws(() => parse(rule, { ...RULE_IDS, [name]: 'A=1' }), { code: 'InvalidParameter' }, name);
  }
  assert.throws(() => parse(rule, { ...RULE_IDS, 'BuildArgs.1': 'A', 'BuildArgs.1.Key': 'B' }), /"BuildArgs.1/);
  assert.throws(() => parse(rule, { ...RULE_IDS, 'Platforms.1': 'linux/mips' }), /"Platforms.1".*"linux\/mips"/);
});

test('reads lists of objects', () => {
  const tags = {
    RegionId: 'r',
    ResourceType: 'INSTANCE',
    'ResourceId.1': 'cri-1',
    'Tag.1.Key': 'a',
    'Tag.1.Value': 'b',
  };
  assert.deepEqual(parse(operationSpecs.TagResources, tags).Tag, [{ Key: 'a', Value: 'b' }]);
  assert.throws(() => parse(operationSpecs.TagResources, { ...tags, 'Tag.2': 'x' }), /"Tag.2"/);
});

test('reads parameters that travel as JSON, and only what their shape names', () => {
  const spec = operationSpecs.CreateNamespace;
  const sent = { InstanceId: 'cri-1', NamespaceName: 'ns' };
  const configuration = { RepoType: 'PUBLIC', TagImmutability: true };
  const text = JSON.stringify({ ...configuration, __proto__: { a: 1 }, Other: 1 });
  assert.deepEqual(parse(spec, { ...sent, DefaultRepoConfiguration: text }).DefaultRepoConfiguration, configuration);
  for (const bad of ['{', '[]', 'null', '"x"', '{"RepoType":1,"TagImmutability":true}', '{"RepoType":"PUBLIC"}']) {
    assert.throws(() => parse(spec, { ...sent, DefaultRepoConfiguration: bad }), /DefaultRepoConfiguration/, bad);
  }
});

test('reads booleans and the values that a parameter may have, and nothing else', () => {
  const spec = operationSpecs.UpdateRepository;
  const sent = { InstanceId: 'cri-1', RepoType: 'PUBLIC', Summary: 's' };
  assert.equal(parse(spec, { ...sent, TagImmutability: 'false' }).TagImmutability, false);
  for (const text of ['TRUE', 'True', '1', 'yes', ' true']) {
    assert.throws(() => parse(spec, { ...sent, TagImmutability: text }), /"TagImmutability"/, text);
  }
  assert.throws(() => parse(spec, { ...sent, RepoType: 'public' }), /"RepoType".*PUBLIC, PRIVATE/);
});

test('refuses a NUL character in any text of any operation, naming the parameter', () => {
  let refused = 0;
  for (const [action, spec] of Object.entries(operationSpecs))
    for (const [name, parameter] of Object.entries(spec.parameters)) {
      if (parameter.shape !== 'string' || parameter.values !== undefined) continue;
      const parsing = () => parse({ ...spec, parameters: { [name]: parameter } }, { [name]: 'a\0b' });
      assert.throws(parsing, { code: 'InvalidParameter', status: 400 }, `${action} ${name}`);
      assert.throws(parsing, (error: Error) => error.message.includes(`"${name}"`));
      refused += 1;
    }
  assert.ok(refused > 100, `${refused} were tried`);
});
