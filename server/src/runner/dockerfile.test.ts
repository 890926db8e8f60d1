import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BuildFailed } from './build-failed.ts';
import { planDockerfile } from './dockerfile.ts';

const plan = (text: string, buildArgs: readonly string[] = []) =>
  planDockerfile({ path: 'sub/Dockerfile', text }, buildArgs, 'linux/amd64');

const CASES: [title: string, text: string, buildArgs: string[], images: string[], layers: number][] = [
  ['a plain FROM', 'FROM busybox\nRUN true\n', [], ['busybox'], 1],
  ['scratch needs no image', 'FROM scratch\nCOPY a /a\n', [], [], 1],
  [
    'a stage is no image',
    'FROM busybox AS One\nFROM one\nCOPY --from=ONE /a /b\nCOPY --from=0 /a /c\n',
    [],
    ['busybox'],
    2,
  ],
  [
    'other images in COPY and in mounts',
    'FROM a\nCOPY --from=b:1 /x /x\nRUN --mount=type=bind,from=c/d,target=/t ls\n',
    [],
    ['a', 'b:1', 'c/d'],
    2,
  ],
  ['ARG with default', 'ARG V=1.35\nFROM busybox:${V}\n', [], ['busybox:1.35'], 0],
  ['a build argument wins over a default', 'ARG V=1.35\nFROM busybox:$V\n', ['V=2'], ['busybox:2'], 0],
  ['ARG built from ARG', 'ARG B=busy\nARG I=${B}box\nFROM "$I"\n', [], ['busybox'], 0],
  ['a default word', 'ARG V\nFROM busybox:${V:-latest}${V:+-x}\n', [], ['busybox:latest'], 0],
  ['the platform', 'FROM --platform=$TARGETPLATFORM img-${TARGETARCH}\n', [], ['img-amd64'], 0],
  ['another escape character', '# escape=`\nFROM busybox\nRUN a `\n  b\n', [], ['busybox'], 1],
  ['comments and lower case', '# FROM nothing\nfrom busybox as x\nrun true\n', [], ['busybox'], 1],
  [
    'what the deepest stage stands on',
    'FROM b AS one\nRUN 1\nENV a=b\nADD 2 /\nFROM one AS two\nCOPY 3 /\nFROM b\nRUN 1\n',
    [],
    ['b'],
    3,
  ],
];

for (const [title, text, buildArgs, images, layerCount] of CASES) {
  test(`reads the images of a Dockerfile and how deep its layers are: ${title}`, () => {
    const read = plan(text, buildArgs);
    assert.deepEqual([read.images.map(({ image }) => image), read.layerCount], [images, layerCount]);
  });
}

test('the builder is given the platform arguments that are declared and not given, no others', () => {
  const text =
    'ARG BUILDPLATFORM\nFROM a\nARG TARGETARCH\nARG TARGETOS=x TARGETVARIANT\nARG OTHER\nRUN echo $TARGETPLATFORM\n';
  const { platformArgs } = plan(text, ['TARGETOS=mine']);
  assert.deepEqual(platformArgs, { BUILDPLATFORM: 'linux/amd64', TARGETARCH: 'amd64' });
});

test('a FROM for another platform is the source’s fault; other spellings of the own one are not', () => {
  for (const own of ['linux/amd64', 'amd64', 'linux/x86_64', '$TARGETPLATFORM', '${BUILDPLATFORM}'])
    assert.equal(plan(`FROM --platform=${own} a\n`).images[0]?.image, 'a');
  for (const other of ['linux/arm64', 'arm64', 'windows/amd64', 'linux/arm/v7', 'linux/s390x'])
    assert.throws(() => plan(`FROM --platform=${other} a\n`), /cannot be built here.*linux\/amd64/);
});

test('the secrets that steps mount are known by id, or by the name of the file', () => {
  const text =
    'FROM a\nRUN --mount=type=secret,id=one --mount=type=secret,target=/etc/two.txt true\nRUN --mount=id=one,type=secret true\nRUN --mount=type=cache,id=c true\n';
  assert.deepEqual(plan(text).secretIds, ['one', 'two.txt']);
});

test('a Dockerfile without FROM, or with an image that an unset ARG leaves empty, is the source’s fault', () => {
  assert.throws(() => plan('RUN true\n'), /no FROM/);
  assert.throws(() => plan('ARG I\nFROM $I\n'), /FROM \$I names no image/);
});

test('an image has the lines that name it first, and a FROM that cannot be built has its own', () => {
  const images = plan('FROM a\nRUN x\nCOPY --from=b \\\n  /x /x\nCOPY --from=b /y /y\n').images;
  const path = 'sub/Dockerfile';
  assert.deepEqual(images, [
    { image: 'a', dockerfile: { path, firstLine: 1, lastLine: 1, lines: ['FROM a'] } },
    { image: 'b', dockerfile: { path, firstLine: 3, lastLine: 4, lines: ['COPY --from=b \\', '  /x /x'] } },
  ]);
  for (const from of ['FROM $I', 'FROM --platform=linux/s390x a'])
    assert.throws(
      () => plan(`FROM a\n\n${from}\n`),
      (error) =>
        error instanceof BuildFailed && error.dockerfile?.firstLine === 3 && error.dockerfile.lines[0] === from,
    );
});
