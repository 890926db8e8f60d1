import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BuildFailed } from '../failure/build-failed.ts';
import { planDockerfile } from './dockerfile.ts';
import { dockerfileForBuilder } from './dockerfile-directives.ts';

const plan = (text: string, buildArgs: readonly string[] = []) =>
  planDockerfile({ path: 'sub/Dockerfile', text }, buildArgs, ['linux/amd64']);

const CASES: [title: string, text: string, buildArgs: string[], images: string[]][] = [
  ['a plain FROM', 'FROM busybox\nRUN true\n', [], ['busybox']],
  ['scratch needs no image', 'FROM scratch\nCOPY a /a\n', [], []],
  [
    'a stage is not an image',
    'FROM busybox AS One\nFROM one\nCOPY --from=ONE /a /b\nCOPY --from=0 /a /c\n',
    [],
    ['busybox'],
  ],
  [
    'other images in COPY and in mounts',
    'FROM a\nCOPY --from=b:1 /x /x\nRUN --mount=type=bind,from=c/d,target=/t ls\n',
    [],
    ['a', 'b:1', 'c/d'],
  ],
  ['ARG with default', 'ARG V=1.35\nFROM busybox:${V}\n', [], ['busybox:1.35']],
  ['a build argument wins over a default', 'ARG V=1.35\nFROM busybox:$V\n', ['V=2'], ['busybox:2']],
  ['ARG built from ARG', 'ARG B=busy\nARG I=${B}box\nFROM "$I"\n', [], ['busybox']],
  ['a default word', 'ARG V\nFROM busybox:${V:-latest}${V:+-x}\n', [], ['busybox:latest']],
  ['a word in a word', 'ARG V\nARG W=1\nFROM busybox:${V:-${W:+a$W}}${V:-}\n', [], ['busybox:a1']],
  ['an escaped dollar, and single quotes', "ARG V=\\$x\nARG W='$V'\nFROM a:$V-${W}\n", [], ['a:$x-$V']],
  ['the platform', 'FROM --platform=$TARGETPLATFORM img-${TARGETARCH}\n', [], ['img-amd64']],
  ['another escape character', '# escape=`\nFROM busybox\nRUN a `\n  b\n', [], ['busybox']],
  ['comments and lower case', '# FROM nothing\nfrom busybox as x\nrun true\n', [], ['busybox']],
  [
    'a later stage, or one of two stages with the same name, is not an image',
    'FROM a AS x\nCOPY --from=later /a /b\nFROM b AS later\nFROM c AS x\nCOPY --from=x /a /b\nCOPY --from=0 /a /b\n',
    [],
    ['a', 'b', 'c'],
  ],
  [
    'an ARG of a stage does not apply to a later FROM',
    'ARG V=1\nFROM a:$V\nARG V=2\nFROM b:$V\nCOPY --from=0 /a /b\n',
    [],
    ['a:1', 'b:1'],
  ],
  [
    'flags with quotes and escapes',
    'FROM a\nCOPY --"fr"om=\'b\' x y\nRUN --mo\\unt=\\\n"type=bind,from=c" x\nCOPY -- --from=d y\n',
    [],
    ['a', 'b', 'c'],
  ],
  [
    'a mount in CSV',
    'FROM a\nRUN --mount=\'type=bind,"from=b",target=/t\' x\nRUN --mount="FROM=c" x\n',
    [],
    ['a', 'b', 'c'],
  ],
  [
    'tabs, other white space, and ends of lines with CR',
    '\uFEFF\u2003FROM\t\u000b a\u2003\r\n\u0085# FROM b\r\n\tCOPY\t--from=c\tx\ty\r\nRUN a \\ \t\r\n  b\r\n',
    [],
    ['a', 'c'],
  ],
  [
    'comments and empty lines within an instruction',
    'FROM \\\n# no\n\n  a\nRUN x \\\n # FROM b\n\nFROM c\n',
    [],
    ['a'],
  ],
  ['an escaped end of a line does not continue it', 'FROM a\nRUN x \\\\\nCOPY --from=b x y\n', [], ['a', 'b']],
  [
    'here-documents are not instructions',
    'FROM a\nRUN <<EOF cat <<-"E F" 3<<\'G\'\nCOPY --from=b x y\nEOF\nFROM c\n\tE F\nFROM d\nG\nCOPY --from=e x y\n',
    [],
    ['a', 'e'],
  ],
  [
    'text that only looks like a here-document',
    'FROM a\nRUN ["x", "<<EOF"]\nENV A=<<EOF\nRUN echo ${#x} <<EOF\nRUN x <<<EOF "\nCOPY --from=b x y\nRUN a<<EOF\nCOPY --from=c x y\n',
    [],
    ['a', 'b', 'c'],
  ],
  [
    'ONBUILD of a stage applies to the stage that starts from it',
    'FROM a AS x\nONBUILD COPY --from=b x y\nFROM x AS y\nFROM y\n',
    [],
    ['a', 'b'],
  ],
  [
    'ONBUILD of a stage applies to no other stage',
    'FROM a AS x\nONBUILD COPY --from=b x y\nFROM c\nCOPY --from=x x y\n',
    [],
    ['a', 'c'],
  ],
  [
    'scratch is not an image, wherever it is named',
    'FROM a\nCOPY --from=scratch x y\nRUN --mount=type=cache,from=scratch,target=/c x\n',
    [],
    ['a'],
  ],
  ['a build argument without an ARG has no effect', 'FROM a${V:-b}\n', ['V=c'], ['ab']],
  ['a given value overrides that of the platform', 'FROM a:$TARGETARCH\n', ['TARGETARCH=riscv64'], ['a:riscv64']],
];

for (const [title, text, buildArgs, images] of CASES) {
  test(`reads the images of a Dockerfile: ${title}`, async () => {
    const read = await plan(text, buildArgs);
    assert.deepEqual(
      read.images.map(({ image }) => image),
      images,
    );
  });
}

test('RUN --security=sandbox is the default, and insecure is refused if the stage is needed', async () => {
  const text =
    'FROM a AS unused\nRUN --security=insecure x\nFROM b\nRUN --security=sandbox --mount=type=tmpfs,target=/t \\\n  --security=sandbox \\\n  echo --security=x\n';
  const read = await plan(text);
  assert.equal(
    dockerfileForBuilder(text, read, new Map()),
    'FROM a AS unused\nRUN x\nFROM b\nRUN --mount=type=tmpfs,target=/t \\\n  \\\n  echo --security=x\n',
  );
  const continued = '\uFEFFFROM busybo\\\nx AS busybox\nRUN --é=x  --secu\\\nrity="sandbox" x\n';
  assert.equal(
    dockerfileForBuilder(continued, await plan(continued), new Map([['busybox', 'sha256:a']])),
    '\uFEFFFROM busybox@sha256:a\\\n AS busybox\nRUN --é=x  \\\n x\n',
  );
  await assert.rejects(plan('FROM a\nRUN --security=insecure x\n'), /RUN --security=insecure is refused/);
});

test('refuses to copy several files to something that cannot be a folder, but not to something that can', async () => {
  for (const text of ['FROM busybox:1\nCOPY a b /dest\n', 'FROM scratch\nENV A=b\nADD ["a", "b", "/dest"]\n'])
    await assert.rejects(plan(text), /to \/dest, which is not a folder; end it with a slash \(\/dest\/\)/, text);
  for (const text of [
    'FROM busybox\nCOPY a b /dest/\n',
    'FROM busybox\nCOPY a b .\n',
    'FROM busybox\nCOPY a b /usr\n',
    'FROM busybox\nCOPY a /dest\n',
    'FROM busybox\nRUN ./make-folders\nCOPY a b /dest\n',
    'FROM busybox\nWORKDIR /dest\nCOPY a b /dest\n',
    'FROM busybox AS one\nRUN x\nFROM one\nCOPY a b /dest\n',
    'FROM postgres\nCOPY a b /docker-entrypoint-initdb.d\n',
    'FROM team/busybox\nCOPY a b /dest\n',
  ])
    await plan(text);
});

test('stages that the last one does not need are ignored, whatever they name', async () => {
  const unneeded =
    'FROM --platform=linux/s390x no.example/x AS Unused\nRUN --mount=type=secret,id=s x\nCOPY --from=y /a /b\n';
  const { images, secretIds } = await plan(
    `FROM a AS one\n${unneeded}FROM b AS two\nFROM c\nCOPY --from=one /x /x\nRUN --mount=from=two x\n`,
  );
  assert.deepEqual([images.map(({ image }) => image), secretIds], [['a', 'b', 'c'], []]);
  assert.equal((await plan(`${unneeded}FROM unused\n`)).images[0]?.platform, 'linux/s390x');
});

test('reports an image with the same name as a stage, with its position, but not a reference to that stage', async () => {
  const { images, shadowed } = await plan(
    'FROM docker.io/library/busybox:latest AS Busybox\nFROM busybox AS two\nFROM alpine:3\n COPY --from=two x x\n',
  );
  assert.deepEqual(
    images.map(({ image }) => image),
    ['docker.io/library/busybox:latest', 'alpine:3'],
  );
  assert.deepEqual(shadowed, [
    { image: 'docker.io/library/busybox:latest', places: [{ line: 0, fromColumn: 5, toColumn: 37 }] },
  ]);
});

test('values are expanded as the builder expands them, with patterns removed or replaced', async () => {
  const from = async (text: string) => (await plan(`ARG V=v1.2-a-b\nARG W=\nFROM x:${text}\n`)).images[0]?.image;
  for (const [text, expected] of [
    ['${V#v}', '1.2-a-b'],
    ['${V%-*}', 'v1.2-a'],
    ['${V%%-*}', 'v1.2'],
    ['${V##*-}', 'b'],
    ['${V%?-b}', 'v1.2-'],
    ['${V#z}', 'v1.2-a-b'],
    ['${V%%z*}', 'v1.2-a-b'],
    ['${W-y}${W:-y}${V+z}${U-u}${U:+n}', 'yzu'],
    ['${V/-a/_}', 'v1.2_-b'],
    ['${V//-?/+}', 'v1.2++'],
    ['${V/*./}${V//z/}', '2-a-bv1.2-a-b'],
    ['${V/1.2\\*/n}', 'v1.2-a-b'],
    ['${V//\\//}"a$W"\'$V\'\\$', 'v1.2-a-ba$V$'],
  ] as const)
    assert.equal(await from(text), `x:${expected}`, text);
});

test('each stage has its name in lower case, or none', async () => {
  const { stages } = await plan('FROM a AS One\nFROM b\nFROM one as two-2\n');
  assert.deepEqual(
    stages.map(({ name }) => name),
    ['one', undefined, 'two-2'],
  );
});

test('secrets that steps mount are identified by id, or by the name of the file', async () => {
  const text =
    'FROM a\nRUN --mount=type=secret,id=one --mount=type=secret,target=/etc/two.txt true\nRUN --mount=id=one,type=secret true\nRUN --mount=type=cache,id=c true\n';
  assert.deepEqual((await plan(text)).secretIds, ['one', 'two.txt']);
  const others =
    'ARG G=g\nFROM a AS x\nARG G\nARG K=secret\nENV E="e 1" F=f\nONBUILD RUN --mount=type=secret,id=o x\nFROM x\nRUN --mount=type=$K,src=$G-$E --mount=type=secret,dst=/a/$F x\n';
  assert.deepEqual((await plan(others)).secretIds, ['o', 'g-e 1', 'f']);
});

test('a Dockerfile without FROM, or with an image name left empty by an unset ARG, is the source’s fault', async () => {
  await assert.rejects(plan('RUN true\n'), /no FROM/);
  await assert.rejects(plan('ARG I\nFROM $I\n'), /FROM \$I names no image: an ARG in it has no value/);
  await assert.rejects(
    plan('FROM a AS One\nFROM One\n'),
    /FROM One names no stage: write its name in lower case, FROM one/,
  );
  await assert.rejects(plan('FROM\n'), /FROM {2}names no image$/);
  for (const [text, says] of [
    ['FROM ${V:?missing}', /cannot be read: V: missing/],
    ['FROM ${V', /cannot be read: /],
    ['ARG A="x\nFROM a', /cannot be read: a double quote has no end/],
    ['ARG V=x\nFROM ${V#\\x}', /cannot be read: invalid pattern/],
  ] as const)
    await assert.rejects(plan(`${text}\n`), says, text);
});

test('an image has the lines that name it first, and a FROM that cannot be built has its own lines', async () => {
  const { images } = await plan('FROM a\nRUN x\nCOPY --from=b \\\n  /x /x\nCOPY --from=b /y /y\n');
  const path = 'sub/Dockerfile';
  assert.deepEqual(images, [
    {
      image: 'a',
      platform: 'linux/amd64',
      isBase: true,
      dockerfile: { path, firstLine: 1, lastLine: 1, lines: ['FROM a'] },
    },
    {
      image: 'b',
      platform: 'linux/amd64',
      isBase: false,
      dockerfile: { path, firstLine: 3, lastLine: 4, lines: ['COPY --from=b \\', '  /x /x'] },
    },
  ]);
  for (const from of ['FROM $I', 'FROM --platform=plan9/x a'])
    await assert.rejects(
      plan(`FROM a\n\n${from}\n`),
      (error) =>
        error instanceof BuildFailed && error.dockerfile?.firstLine === 3 && error.dockerfile.lines[0] === from,
    );
});
