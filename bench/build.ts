/*
 * Real builds by `./slipway build` compared with the same builds by hand: dockerd and docker-buildx in the builder's
 * own root, with a daemon that already runs, and skopeo to the same registry. Cold: nothing from earlier builds exists,
 * only the base images. Warm: every step is cached. The two sides alternate, round by round; figures are medians of
 * whole commands. Also measures stages that do not depend on each other, and many builds at once. Needs root, 15 GB of
 * disk, and Debian's archive once.
 *
 * `node bench/build.ts [PART…] [--warm ROUNDS] [--cold ROUNDS]`; the parts are the projects, `stages` and `at-once`.
 * `node bench/build.ts [PROJECT…] --former CHECKOUT` compares warm builds with those of another checkout of Slipway
 * instead.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseArgs } from 'node:util';
import { makeRealProjects, REAL_PROJECTS, type RealProject } from '../test/support/projects/real-projects.ts';
import { folderOf } from '../test/support/queue-build.ts';
import { ROOT, slipway, startServer, type TestServer, temporaryFolder } from '../test/support/slipway.ts';
import { Figures, median, shown } from './support/figures.ts';
import { type HandBase, HandBuilder } from './support/hand-builder.ts';
import { watchMemory } from './support/watch-memory.ts';

const LIMIT_FACTOR = 1.05;
const LIMIT_EXTRA_SECONDS = 1;
const HELLO_LIMIT_SECONDS = 1.5;
const FORMER_LIMIT_FACTOR = 0.5;
const STAGE_SECONDS = 8;
const STAGES_LIMIT_SECONDS = 12;
const AT_ONCE = 8;
const AT_ONCE_LIMIT_FACTOR = 1.1;
const HELLO = 'hello';
const PARTS = [HELLO, ...REAL_PROJECTS, 'stages', 'at-once'];
/** The project that is built many times at once. */
const SMALL = 'python';

const { values, positionals } = parseArgs({
  options: { warm: { type: 'string' }, cold: { type: 'string' }, former: { type: 'string' } },
  allowPositionals: true,
});
const [warmRounds, coldRounds] = [Number(values.warm ?? 5), Number(values.cold ?? 3)];
const unknown = positionals.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
const parts = new Set(positionals.length > 0 ? positionals : PARTS);

/** The seconds of both sides, round by round. */
interface Times {
  ours: number[];
  others: number[];
}

// Run as a test, so that the test runner cleans up servers and daemon; a figure that falls short makes the process exit
// with 1.
test('builds', async (t) => {
  const server = await startServer(t, { flags: ['--concurrent-builds', String(AT_ONCE)] });
  const hand = await HandBuilder.start(t, server);
  const needsReal = parts.has('at-once') || REAL_PROJECTS.some((name) => parts.has(name));
  const projects = [helloProject(hand.sources), ...(needsReal ? await makeRealProjects(server, hand.sources) : [])];
  const chosen = projects.filter(({ name }) => parts.has(name));
  if (values.former !== undefined) return compareFormer(t, server, chosen, values.former);
  const figures = new Figures('Builds, seconds of whole commands');
  for (const project of chosen) await compare(figures, server, hand, project);
  if (parts.has('stages')) await buildStages(t, figures, server);
  const small = projects.find(({ name }) => name === SMALL);
  if (parts.has('at-once') && small !== undefined) await buildAtOnce(figures, server, small);
  figures.print();
});

function helloProject(place: string): RealProject {
  const folder = join(place, 'hello');
  cpSync(join(ROOT, 'examples', 'hello'), folder, { recursive: true });
  return { name: HELLO, folder, base: 'busybox', shows: /^Hello/m };
}

async function compare(figures: Figures, server: TestServer, hand: HandBuilder, project: RealProject) {
  const ours = () => build(server, project.folder, `local/${project.name}:warm`);
  // This fetches the bases, for both sides.
  const first = await ours();
  if (!project.shows.test(first))
    throw new Error(`${project.name} does not show ${project.shows}: ${first.slice(-3000)}`);
  const bases = basesOf(server, first);
  const byHand = () => hand.build({ source: project.name, bases, image: `local/${project.name}:by-hand` });
  await byHand();
  const warm = await inTurns(warmRounds, ours, byHand);
  judge(figures, `${project.name}, warm`, warm);
  if (project.name === HELLO) {
    const detail = 'the whole command; the server runs already';
    figures.atMost('hello, warm', median(warm.ours), HELLO_LIMIT_SECONDS, detail);
    return;
  }
  const cold: Times = { ours: [], others: [] };
  for (let round = 0; round < coldRounds; round += 1) {
    // Each repository has a layer store of its own.
    cold.ours.push(await seconds(() => build(server, project.folder, `local/${project.name}-cold${round}:cold`)));
    await hand.forget();
    cold.others.push(await seconds(byHand));
  }
  judge(figures, `${project.name}, cold`, cold);
}

function judge(figures: Figures, what: string, times: Times): void {
  const [ours, others] = [median(times.ours), median(times.others)];
  // It takes minutes until the table is printed.
  console.log(`${what}: ${shown(ours)} s, ${againstText(times)}`);
  figures.atMost(what, ours, Number((others * LIMIT_FACTOR + LIMIT_EXTRA_SECONDS).toFixed(2)), againstText(times));
}

function againstText({ ours, others }: Times): string {
  const list = (values: number[]) => values.map((value) => value.toFixed(2)).join(' ');
  return `by hand ${shown(median(others))}; rounds ${list(ours)}, by hand ${list(others)}`;
}

/** Stages that do not depend on each other run in parallel. */
async function buildStages(t: TestContext, figures: Figures, server: TestServer): Promise<void> {
  const names = ['a', 'b', 'c'];
  const stages = names.map((name) => `FROM busybox AS ${name}\nRUN sleep ${STAGE_SECONDS}; echo ${name} >/${name}\n`);
  const copies = names.map((name) => `COPY --from=${name} /${name} /\n`);
  const folder = folderOf(t, { Dockerfile: `${stages.join('')}FROM busybox\n${copies.join('')}` });
  const took = await seconds(() => build(server, folder, 'local/stages:latest'));
  figures.atMost(`three stages of ${STAGE_SECONDS} s`, took, STAGES_LIMIT_SECONDS, 'cold');
}

/** Cold builds, each in a repository of its own. */
async function buildAtOnce(figures: Figures, server: TestServer, { name, folder }: RealProject): Promise<void> {
  const images = (how: string) => Array.from({ length: AT_ONCE }, (_, at) => `local/${name}-${how}${at}:latest`);
  const inTurn = await seconds(async () => {
    for (const image of images('turn')) await build(server, folder, image);
  });
  const endWatch = watchMemory(server.dataFolder);
  const atOnce = await seconds(() => Promise.all(images('once').map((image) => build(server, folder, image))));
  const { oneBuildBytes, allBuildsBytes } = endWatch();
  const what = `${AT_ONCE} cold builds (${name}) at once`;
  figures.atMost(what, atOnce, Number((inTurn * AT_ONCE_LIMIT_FACTOR).toFixed(2)), `in turn ${shown(inTurn)}`);
  figures.atMost(
    'memory of one of them, MiB',
    mebibytes(oneBuildBytes),
    2048,
    'the limit of a build; files that it reads among it',
  );
  figures.report(
    'memory of all of them, MiB',
    mebibytes(allBuildsBytes),
    `at one time; the limit is ${AT_ONCE} x 2048`,
  );
}

/** Warm builds compared with those of another checkout of Slipway, which has its own server, builder and images. */
async function compareFormer(
  t: TestContext,
  server: TestServer,
  projects: readonly RealProject[],
  checkout: string,
): Promise<void> {
  const launcher = join(checkout, 'slipway');
  const former = await startServer(t, { launcher });
  if (projects.some(({ name }) => name !== HELLO)) await makeRealProjects(former, temporaryFolder(t), launcher);
  const figures = new Figures(`Warm builds against those of ${checkout}, seconds of whole commands`);
  for (const project of projects) {
    const image = `local/${project.name}:warm`;
    const ours = () => build(server, project.folder, image);
    const theirs = () => build(former, project.folder, image, launcher);
    await theirs();
    await ours();
    const times = await inTurns(warmRounds, ours, theirs);
    const limit = Number((median(times.others) * FORMER_LIMIT_FACTOR).toFixed(2));
    figures.atMost(
      `${project.name}, warm`,
      median(times.ours),
      limit,
      againstText(times).replaceAll('by hand', 'former'),
    );
  }
  figures.print();
}

async function inTurns(rounds: number, ours: () => Promise<unknown>, others: () => Promise<unknown>): Promise<Times> {
  const times: Times = { ours: [], others: [] };
  for (let round = 0; round < rounds; round += 1) {
    times.ours.push(await seconds(ours));
    times.others.push(await seconds(others));
  }
  return times;
}

/** Returns the messages of the log. */
async function build(server: TestServer, folder: string, image: string, launcher?: string): Promise<string> {
  const options = launcher === undefined ? {} : { launcher };
  const { code, stdout, stderr } = await slipway(
    ['build', folder, '--tag', image, '--data', server.dataFolder],
    options,
  );
  if (code !== 0) throw new Error(`slipway build ended with ${code}: ${stdout.slice(-3000)}${stderr}`);
  return stdout.replace(/^ *\d+ {2}[A-Z_]+ +/gm, '');
}

/** Where the server keeps the bases that a build used. */
function basesOf(server: TestServer, log: string): HandBase[] {
  const kept = readdirSync(join(server.dataFolder, 'sandbox'), { recursive: true, encoding: 'utf8' });
  return [...log.matchAll(/^base image (\S+) is sha256:(\w+)/gm)].map(([, name = '', digest = '']) => {
    const folder = kept.find((path) => path.endsWith(`/${digest}`));
    if (folder === undefined) throw new Error(`the base ${name} was not kept`);
    return { name, folder, digest };
  });
}

/** The disk is at rest when it begins, so that no side pays for what the other one still had to write. */
async function seconds(act: () => Promise<unknown>): Promise<number> {
  execFileSync('sync');
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1000;
}

function mebibytes(bytes: number): number {
  return bytes / 2 ** 20;
}
