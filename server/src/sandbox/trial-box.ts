import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { type BoxPlan, startBox } from './box.ts';
import { withBoxFolder } from './box-folder.ts';
import type { MachineProblem } from './check-machine.ts';
import { egressRules } from './egress-rules.ts';
import type { HelperState } from './helper-state.ts';
import { changeOwner } from './owner-folder.ts';
import { busybox } from './rootfs.ts';
import { builderArguments } from './run-build.ts';
import { prepareStoreImage } from './store-image.ts';

const trialLimits = { memoryBytes: 256 * 2 ** 20, cpus: 1, pids: 64, diskBytes: 64 * 2 ** 20, timeoutMs: 20_000 };
const buildTimeoutMs = 120_000;

const baseName = 'docker.io/slipway/trial:latest';
const words = 'a trial step ran';
const context: Record<string, string> = {
  'Dockerfile.base': 'FROM scratch\nCOPY busybox /bin/busybox\n',
  Dockerfile: `FROM ${baseName}\nCOPY words /words\nRUN ["/bin/busybox", "cat", "/words"]\n`,
  words: `${words}\n`,
};

/** Runs a box that does nothing, with everything a build's has. Says which part of it the machine did not allow. */
export async function tryBox(state: HelperState): Promise<MachineProblem[]> {
  const id = randomUUID();
  return withBoxFolder(state, id, async (folder, firstId) => {
    const disk = await storeOf(folder);
    const end = await runTrial(state, {
      id,
      firstId,
      args: ['/bin/true'],
      result: 'image',
      disk,
      bases: [],
      network: 'world',
    });
    return end.exitCode === 0 ? [] : [problem('a trial sandbox did not run', end.said)];
  });
}

/**
 * Builds an image as any build is built, from a base in a store of its own: FROM, COPY and RUN, to the finished image. Says
 * with the builder's words what failed. What `tryBox` cannot see, a builder that does not work, is seen here.
 */
export async function tryBuild(state: HelperState): Promise<MachineProblem[]> {
  const [baseId, buildId] = [randomUUID(), randomUUID()];
  const request = { dockerfile: 'Dockerfile', buildArgs: {} };
  return withBoxFolder(state, baseId, (baseFolder, baseFirstId) =>
    withBoxFolder(state, buildId, async (folder, firstId) => {
      const base = await runTrial(state, {
        id: baseId,
        args: ['/usr/lib/slipway/inside-trial-base', baseName, ...(await contextOf(baseFolder, baseFirstId))],
        firstId: baseFirstId,
        result: 'base',
        disk: await storeOf(baseFolder),
        bases: [],
        network: 'none',
      });
      if (!base.events.includes('copied')) return [problem('a trial base image was not unpacked', base.said)];
      await contextOf(folder, firstId);
      const build = await runTrial(state, {
        id: buildId,
        args: ['/usr/lib/slipway/inside-build', ...builderArguments(request, true)],
        firstId,
        result: 'image',
        disk: await storeOf(folder),
        bases: [baseFolder],
        network: 'world',
      });
      const isWhole = build.events.includes('copied') && build.said.split('\n').includes(words);
      return isWhole ? [] : [problem('a trial build did not end well', build.said)];
    }),
  );
}

/** Returns the builder's arguments for the base. */
async function contextOf(folder: string, firstId: number): Promise<string[]> {
  mkdirSync(`${folder}/in/context`, { recursive: true });
  for (const [name, text] of Object.entries(context)) writeFileSync(`${folder}/in/context/${name}`, text);
  copyFileSync(busybox, `${folder}/in/context/busybox`);
  await changeOwner(`${folder}/in/context`, { uid: firstId, gid: firstId });
  return builderArguments({ dockerfile: 'Dockerfile.base', buildArgs: {} }, true);
}

async function storeOf(folder: string): Promise<string> {
  await prepareStoreImage(`${folder}/store.img`, trialLimits.diskBytes);
  return `${folder}/store.img`;
}

type TrialEnd = { exitCode: number | null; events: string[]; said: string };

async function runTrial(
  state: HelperState,
  plan: Pick<BoxPlan, 'id' | 'firstId' | 'args' | 'result' | 'disk' | 'bases' | 'network'>,
): Promise<TrialEnd> {
  const rules = egressRules([], []);
  const box = startBox(state.roots, state.cgroupPrefix, { ...plan, rootfs: state.rootfs, rules, limits: trialLimits });
  let output = '';
  box.output.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-2000);
  });
  const timer = setTimeout(() => box.kill(), plan.args[0] === '/bin/true' ? trialLimits.timeoutMs : buildTimeoutMs);
  const { exitCode, signal, events, complaints } = await box.end;
  clearTimeout(timer);
  const failure = events.find((event) => event.startsWith('failed ')) ?? `it ended with ${exitCode ?? signal}`;
  return { exitCode, events, said: [failure, output.trim(), complaints].filter((text) => text !== '').join('\n') };
}

function problem(what: string, said: string): MachineProblem {
  return { what: `${what}: ${said}`, mend: 'docs/sandbox.md lists what the machine has to allow' };
}
