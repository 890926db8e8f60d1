import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planDockerfile } from './dockerfile.ts';
import { dockerfileForBuilder } from './dockerfile-directives.ts';

/** What the builder reads of a Dockerfile with these lines below its FROM. */
async function read(lines: string): Promise<string | undefined> {
  const text = `FROM busybox\n${lines}`;
  const plan = await planDockerfile({ path: 'Dockerfile', text }, [], ['linux/amd64']);
  return dockerfileForBuilder(text, plan, new Map())?.slice('FROM busybox\n'.length);
}

test('COPY --parents becomes a COPY of the place without everything but its sources', async () => {
  for (const [written, expected] of [
    ['COPY --parents a/b.txt c /x', 'COPY --exclude=** --exclude="!a/b.txt" --exclude="!c"  . /x/'],
    ['COPY --parents ./*/p.json ./', 'COPY --exclude=** --exclude="!*/p.json"  . ./'],
    ['COPY --parents=true --from=one /v/./x/**/y /', 'COPY --exclude=** --exclude="!x/**/y"  --from=one /v /'],
    [
      'COPY --chown=1 --exclude=*.md --parents $D/ /x/',
      'COPY --exclude=** --exclude="!$D" --chown=1 --exclude=*.md . /x/',
    ],
    ['COPY --parents ["a b/c", "/x y"]', 'COPY --exclude=** --exclude="!a b/c"  [".","/x y/"]'],
    ['COPY --parents ./x/./a x/./b/ /y', 'COPY --exclude=** --exclude="!a" --exclude="!b" x /y/'],
    ['COPY --parents . /x/', 'COPY . /x/'],
    ['COPY --parents=false a b', 'COPY a b'],
    ['ONBUILD COPY --parents a/b /x', 'ONBUILD COPY --exclude=** --exclude="!a/b"  . /x/'],
  ] as const)
    assert.equal((await read(written))?.replace(/ +/g, ' '), expected.replace(/ +/g, ' '), written);
});

test('COPY --parents over several lines keeps every line’s number', async () => {
  const written = 'COPY --parents \\\n  a/b \\\n  # and\n  c \\\n  /x/\nRUN y\n';
  const lines = (await read(written))?.split('\n') ?? [];
  assert.equal(lines.length, written.split('\n').length);
  assert.equal(lines[5], 'RUN y');
  assert.match(
    lines
      .slice(0, 5)
      .join('\n')
      .replace(/\\\n\s*(# and\n)?/g, ''),
    /^COPY --exclude=\*\* --exclude="!a\/b" --exclude="!c" +\. \/x\/\s*$/,
  );
});

test('COPY --parents that cannot be written otherwise is refused in words, if its stage is needed', async () => {
  for (const [written, words] of [
    ['COPY --parents a/./b c/./d /x/', /different paths before \/\.\//],
    ['COPY --parents */./b /x/', /wildcard before/],
    ['COPY --parents ../a /x/', /\.\. in a source/],
    ['COPY --parents "a" /x/', /quotes/],
    ['COPY --parents=maybe a /x/', /true or false/],
    ['COPY --parents a', /at least one source/],
  ] as const) {
    await assert.rejects(read(written), words, written);
    assert.equal(await read(`${written}\nFROM busybox\n`), undefined, 'in a stage that is not needed');
  }
});

test('a COPY without the flag stays as it is', async () => {
  assert.equal(await read('COPY --chown=1 a/./b /x\nADD a b\n'), undefined);
});

test('the plan names what COPY --parents takes from the source, if no wildcard or variable is in its name', async () => {
  const text = [
    'FROM busybox AS unused',
    'COPY --parents unused /x/',
    'FROM busybox AS used',
    'COPY --parents a/b *.json $D/e /x/',
    'COPY --parents ./p/./q /x/',
    'COPY --parents --from=unused c /x/',
    'COPY --parents=false d /x',
    'COPY e /x',
    'FROM used',
    'COPY --parents ["f g", "./a/b", "/x"]',
  ].join('\n');
  const plan = await planDockerfile({ path: 'Dockerfile', text }, [], ['linux/amd64', 'linux/arm64'], {});
  const named = new Map(plan.sources.map(({ path, dockerfile }) => [path, dockerfile.firstLine]));
  const lineOf = { './unused': 2, './a/b': 4, 'p/q': 5, './f g': 10 };
  assert.deepEqual(named, new Map(Object.entries(lineOf)));
});
