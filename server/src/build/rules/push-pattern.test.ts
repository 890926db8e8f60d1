import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchPush, pushPatternMistake } from './push-pattern.ts';

test('a push matches a rule if its whole name matches the rule’s name, $version form or expression', () => {
  for (const [pushName, imageTag, name, expected] of [
    ['main', 'latest', 'main', 'latest'],
    ['main', 'latest', 'main2', undefined],
    ['main', 'latest', 'Main', undefined],
    ['v1.2', 'v1', 'v1x2', undefined],
    ['release-v$version', '$version', 'release-v1.2', '1.2'],
    ['release-v$version', '${version}-rc', 'release-v1.2', '1.2-rc'],
    ['release-v$version', 'version', 'release-v3', '3'],
    ['release-v$version', '$version', 'release-v', undefined],
    ['release-v$version', '$version', 'my-release-v1', undefined],
    ['a.b-$version', '$version', 'axb-1', undefined],
    ['release-(?<imageTag>\\w*)', '${imageTag}', 'release-v1', 'v1'],
    ['release-(?<imageTag>\\w*)', 'imageTag', 'release-v1', 'v1'],
    ['release-(?<imageTag>\\w*)', 'fixed', 'release-v1', 'fixed'],
    ['release-(?<imageTag>\\w*)', '${imageTag}', 'release-v1/x', undefined],
    ['(?<major>\\d+)\\.(?<minor>\\d+)', '${major}-${minor}', '3.14', '3-14'],
    ['(a+)+b', 'x', 'a'.repeat(5000), undefined],
    ...['feature/#1-x', '功能/登录', 'fix@home', 'a=b', 'v2,3', 'feature/ü', 'a.b'].map(
      (name) => [name, 'x', name, 'x'] as const,
    ),
    ['.*', 'x', '功能/登录', 'x'],
    ['feature/#(?<n>\\d+)-.*', 'n', 'feature/#1-x', '1'],
    ['rel(1)', 'x', 'rel(1)', 'x'],
    ['rel\\(1\\)', 'x', 'rel(1)', 'x'],
    ['a|b', 'x', 'a|b', 'x'],
    ['feature/#1', 'x', 'feature/x1', undefined],
  ] as const) {
    const matched = matchPush({ pushName, imageTag }, name);
    assert.deepEqual(matched, expected === undefined ? undefined : { imageTag: expected }, `${pushName} on ${name}`);
  }
});

test('a match that does not give a valid tag reports what it gave', () => {
  assert.deepEqual(matchPush({ pushName: '(?<t>.+)', imageTag: '${t}' }, 'feature/x'), { invalidTag: 'feature/x' });
  assert.deepEqual(matchPush({ pushName: 'v(?<t>.*)', imageTag: '${t}' }, 'v'), { invalidTag: '' });
});

test('refuses a pattern that cannot work, naming the parameter', () => {
  for (const [pushName, imageTag, parameter, reason] of [
    [
      'a(',
      'x',
      'PushName',
      /read as a regular expression .*, but is not a valid one: .*missing closing.*; a \\ before/,
    ],
    ['(?=a)b', 'x', 'PushName', /regular expression/],
    ['(a)\\1', 'x', 'PushName', /regular expression/],
    ['two words', 'x', 'PushName', /not the name of a branch or tag: it contains a space/],
    ['feature/~x', 'x', 'PushName', /not the name of a branch or tag: it contains one of ~/],
    ['-x', 'x', 'PushName', /begins with -/],
    ['a..b', 'x', 'PushName', /contains \.\./],
    ['x.lock', 'x', 'PushName', /ends with \.lock/],
    ['x'.repeat(300), 'x', 'PushName', /longer than 250 bytes/],
    ['x*'.repeat(150), 'x', 'PushName', /256 is the limit/],
    ['v(?<a>.*)', '${b}', 'ImageTag', /no group named b; it has a/],
    ['v.*', '$version', 'ImageTag', /no group named version; it has none/],
    ['v(?<a>.*)', '${a}/x', 'ImageTag', /is not a tag/],
    ['main', 'a b', 'ImageTag', /is not a tag/],
    ['main', '${version}', 'ImageTag', /is not a tag/],
  ] as const) {
    const mistake = pushPatternMistake({ pushName, imageTag });
    assert.equal(mistake?.parameter, parameter, pushName);
    assert.match(mistake?.reason ?? '', reason);
  }
  assert.equal(pushPatternMistake({ pushName: 'release-v$version', imageTag: '$version' }), undefined);
  assert.equal(pushPatternMistake({ pushName: 'main', imageTag: 'latest' }), undefined);
});
