import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { planDockerfile } from '../../server/src/runner/dockerfile/dockerfile.ts';
import { dockerfileForBuilder, pinnedName } from '../../server/src/runner/dockerfile/dockerfile-directives.ts';
import type { BuildRequest, NamedBase } from '../../server/src/sandbox/protocol/request.ts';
import { writeImage } from '../../server/src/sandbox/testing/busybox-image.ts';
import {
  prepareBase,
  runToEnd,
  type SandboxUnderTest,
  skipLongReason,
  startSandboxUnderTest,
} from '../../server/src/sandbox/testing/sandbox.ts';
import { type ImageTree, readImageTree } from '../support/images/image-tree.ts';
import { makeBaseTree, writeSource } from './dockerfile-bases.ts';

const FOLDER = join(import.meta.dirname, 'dockerfiles');

/** What the comments at the end of a Dockerfile expect in its image. */
interface Shape {
  text: string;
  buildArgs: Record<string, string>;
  expected: { kind: string; rest: string }[];
}

function readShape(file: string): Shape {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const comments = text
    .split('\n')
    .flatMap((line) => /^# (arg|config|fails|has|lacks|mode|owner|text) (.*)$/.exec(line) ?? []);
  const expected = Array.from({ length: comments.length / 3 }, (_, at) => ({
    kind: comments[at * 3 + 1] ?? '',
    rest: comments[at * 3 + 2] ?? '',
  }));
  const given = expected.filter(({ kind }) => kind === 'arg').map(({ rest }) => rest.split('=', 2) as [string, string]);
  return { text, buildArgs: Object.fromEntries(given), expected };
}

describe('Dockerfiles like those of well-known projects', { skip: skipLongReason }, () => {
  let under: SandboxUnderTest;
  let base: NamedBase;
  let onBuildBase: NamedBase;
  const repositoryId = `repository-${randomUUID()}`;
  const digests: string[] = [];
  before(async () => {
    under = await startSandboxUnderTest();
    const tree = makeBaseTree();
    base = await load((folder) => writeImage(folder, tree));
    const OnBuild = ['WORKDIR /usr/src/app', 'COPY package.json ./', 'RUN npm install', 'COPY . .'];
    onBuildBase = await load((folder) => writeImage(folder, tree, { OnBuild }));
  });
  after(() => under.close());

  for (const file of globSync('*.Dockerfile', { cwd: FOLDER }).sort())
    test(basename(file, '.Dockerfile'), async () => {
      const shape = readShape(file);
      assert.ok(
        shape.expected.some(({ kind }) => kind !== 'arg'),
        'the file states its expectations',
      );
      const { output, image } = await build(file, shape);
      const fails = shape.expected.find(({ kind }) => kind === 'fails');
      if (fails) assert.match(output, new RegExp(fails.rest));
      else assert.ok(image, output);
      if (image) for (const expectation of shape.expected) check(image, expectation, output);
    });

  test('building the same source twice uses only the cache, and gives the same digest', async () => {
    const file = 'redis-like.Dockerfile';
    const shape = readShape(file);
    await build(file, shape);
    const { output } = await build(file, shape);
    assert.equal(digests.at(-1), digests.at(-2));
    assert.match(output, /^CACHED /m);
    assert.doesNotMatch(output, /^\[/m);
  });

  test('with SOURCE_DATE_EPOCH, two builds without a cache give the same digest', async () => {
    const shape = readShape('prometheus-like.Dockerfile');
    shape.buildArgs.SOURCE_DATE_EPOCH = '1700000000';
    for (const cache of [false, false]) await build('prometheus-like.Dockerfile', shape, cache);
    assert.equal(digests.at(-1), digests.at(-2));
  });

  async function load(write: (folder: string) => string): Promise<NamedBase> {
    const request = prepareBase(under.dataFolder, write);
    await under.sandbox.loadBase(request, { signal: new AbortController().signal });
    await under.sandbox.cleanUp(request.buildId);
    return { name: '', scope: request.scope, digest: request.digest };
  }

  /** Builds like a build job, without the registry. */
  async function build(
    file: string,
    { text, buildArgs }: Shape,
    cache = true,
  ): Promise<{ output: string; image: ImageTree | undefined }> {
    const given = Object.entries(buildArgs).map(([name, value]) => `${name}=${value}`);
    const plan = await planDockerfile({ path: file, text }, given, ['linux/amd64']);
    const found = plan.images.map(({ image }) => ({ image, ...(image.startsWith('onbuild-') ? onBuildBase : base) }));
    const shadowed = new Set(plan.shadowed.map(({ image }) => image));
    const bases = found.map(({ image, scope, digest }) => ({
      name: shadowed.has(image) ? pinnedName(image, digest) : image,
      scope,
      digest,
    }));
    const dockerfileText = dockerfileForBuilder(text, plan, new Map(found.map(({ image, digest }) => [image, digest])));
    const changes: Partial<BuildRequest> = { bases, buildArgs, repositoryId, dockerfileText, cache };
    const request = under.prepare({ Dockerfile: text }, changes);
    const work = join(under.dataFolder, 'work', request.buildId);
    writeSource(join(work, 'context'));
    const { outcome, output } = await runToEnd(under.sandbox, request);
    const folder = join(work, 'out/img');
    const image = outcome.phase === 'done' ? readImageTree(folder) : undefined;
    if (image) digests.push(image.digest);
    await under.sandbox.cleanUp(request.buildId);
    return { output, image };
  }
});

function check(
  { paths, config, files }: ImageTree,
  { kind, rest }: { kind: string; rest: string },
  output: string,
): void {
  const [path = '', ...words] = rest.split(' ');
  const [, mode, uid] = paths[path]?.split(' ') ?? [];
  const told = `${kind} ${rest}\n${JSON.stringify(config)}\n${Object.keys(paths)
    .filter((name) => !name.startsWith('bin/'))
    .join(' ')}\n${output}`;
  if (kind === 'has') for (const name of [path, ...words]) assert.ok(name in paths, told);
  if (kind === 'lacks') assert.ok(!(path in paths), told);
  if (kind === 'owner') assert.equal(uid, words[0], told);
  if (kind === 'mode') assert.equal(mode, words[0], told);
  if (kind === 'text') assert.ok(files[path]?.includes(words.join(' ')), `${told}\n${files[path]}`);
  if (kind === 'config') assert.ok(holds(rest, (config as { config: unknown }).config), told);
}

/** Evaluates comments of the files in dockerfiles/, which are ours. */
function holds(expression: string, config: unknown): boolean {
  return new Function('c', `return ${expression}`)(config) === true;
}
