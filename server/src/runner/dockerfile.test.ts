import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planDockerfile } from './dockerfile.ts';

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
    const plan = planDockerfile(text, buildArgs, 'linux/amd64');
    assert.deepEqual([plan.images, plan.layerCount], [images, layerCount]);
  });
}

test('the builder is given the platform arguments that are declared and not given, no others', () => {
  const text =
    'ARG BUILDPLATFORM\nFROM a\nARG TARGETARCH\nARG TARGETOS=x TARGETVARIANT\nARG OTHER\nRUN echo $TARGETPLATFORM\n';
  const { platformArgs } = planDockerfile(text, ['TARGETOS=mine'], 'linux/amd64');
  assert.deepEqual(platformArgs, { BUILDPLATFORM: 'linux/amd64', TARGETARCH: 'amd64' });
});

test('a FROM for another platform is the source’s fault; other spellings of the own one are not', () => {
  for (const own of ['linux/amd64', 'amd64', 'linux/x86_64', '$TARGETPLATFORM', '${BUILDPLATFORM}'])
    assert.deepEqual(planDockerfile(`FROM --platform=${own} a\n`, [], 'linux/amd64').images, ['a']);
  for (const other of ['linux/arm64', 'arm64', 'windows/amd64', 'linux/arm/v7', 'linux/s390x'])
    assert.throws(
      () => planDockerfile(`FROM --platform=${other} a\n`, [], 'linux/amd64'),
      /cannot be built here.*linux\/amd64/,
    );
});

test('the secrets that steps mount are known by id, or by the name of the file', () => {
  const text =
    'FROM a\nRUN --mount=type=secret,id=one --mount=type=secret,target=/etc/two.txt true\nRUN --mount=id=one,type=secret true\nRUN --mount=type=cache,id=c true\n';
  assert.deepEqual(planDockerfile(text, [], 'linux/amd64').secretIds, ['one', 'two.txt']);
});

test('a Dockerfile without FROM, or with an image that an unset ARG leaves empty, is the source’s fault', () => {
  assert.throws(() => planDockerfile('RUN true\n', [], 'linux/amd64'), /no FROM/);
  assert.throws(() => planDockerfile('ARG I\nFROM $I\n', [], 'linux/amd64'), /FROM \$I names no image/);
});
