import { randomUUID } from 'node:crypto';
import { copyFileSync, writeFileSync } from 'node:fs';
import { type BoxPlan, startBox } from './box.ts';
import { withBoxFolder } from './box-folder.ts';
import { writeBuilderInput } from './builder-input.ts';
import { openBuilderRoot } from './builder-root.ts';
import type { MachineProblem } from './check-machine.ts';
import { egressRules } from './egress-rules.ts';
import type { HelperState } from './helper-state.ts';
import { makeFolder } from './make-folder.ts';
import { changeOwner } from './owner-folder.ts';
import { prepareStoreImage } from './store-image.ts';

const trialLimits = { memoryBytes: 512 * 2 ** 20, cpus: 1, pids: 256, diskBytes: 256 * 2 ** 20, timeoutMs: 20_000 };
const buildTimeoutMs = 120_000;

const busybox = '/bin/busybox';
const words = 'a trial step ran';
const context: Record<string, string> = {
  Dockerfile: 'FROM scratch\nCOPY busybox words /\nRUN ["/busybox", "cat", "/words"]\n',
  words: `${words}\n`,
};

/** Runs a box that does nothing, with everything a build's has. Says which part of it the machine did not allow. */
export async function tryBox(state: HelperState): Promise<MachineProblem[]> {
  const id = randomUUID();
  return withBoxFolder(state, id, async (folder, firstId) => {
    const disk = await storeOf(folder);
    const end = await runTrial(state, { id, firstId, args: ['/bin/true'], disk }, trialLimits.timeoutMs);
    return end.exitCode === 0 ? [] : [problem('a trial sandbox did not run', end.said)];
  });
}

/**
 * Builds an image as any build is built: FROM, COPY and RUN, to the finished image. Says with the builder's words what failed. What
 * `tryBox` cannot see, a builder that does not work, is seen here.
 */
export async function tryBuild(state: HelperState): Promise<MachineProblem[]> {
  const id = randomUUID();
  return withBoxFolder(state, id, async (folder, firstId) => {
    makeFolder(`${folder}/in/context`);
    for (const [name, text] of Object.entries(context)) writeFileSync(`${folder}/in/context/${name}`, text);
    copyFileSync(busybox, `${folder}/in/context/busybox`);
    await changeOwner(`${folder}/in/context`, { uid: firstId, gid: firstId });
    const build = { dockerfile: 'Dockerfile', buildArgs: {}, bases: [], limits: trialLimits };
    const { args, environment } = writeBuilderInput(`${folder}/in`, `${folder}/in/context`, build);
    const end = await runTrial(state, { id, firstId, args, environment, disk: await storeOf(folder) }, buildTimeoutMs);
    const isWhole = end.events.includes('copied') && end.said.includes(Buffer.from(`${words}\n`).toString('base64'));
    return isWhole ? [] : [problem('a trial build did not end well', end.said)];
  });
}

async function storeOf(folder: string): Promise<string> {
  await prepareStoreImage(`${folder}/store.img`, trialLimits.diskBytes);
  return `${folder}/store.img`;
}

type TrialEnd = { exitCode: number | null; events: string[]; said: string };

async function runTrial(
  state: HelperState,
  plan: Pick<BoxPlan, 'id' | 'firstId' | 'args' | 'environment' | 'disk'>,
  timeoutMs: number,
): Promise<TrialEnd> {
  const surroundings = { bases: [], network: 'world', rules: egressRules([], []), limits: trialLimits } as const;
  const rootfs = openBuilderRoot();
  const box = startBox(state.roots, state.cgroupPrefix, { ...plan, ...surroundings, bases: [], rootfs });
  let output = '';
  box.output.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-16_000);
  });
  const timer = setTimeout(() => box.kill(), timeoutMs);
  const { exitCode, signal, events, complaints } = await box.end;
  clearTimeout(timer);
  const failure = events.find((event) => /^(failed|no-daemon) /.test(event)) ?? `it ended with ${exitCode ?? signal}`;
  return { exitCode, events, said: [failure, output.trim(), complaints].filter((text) => text !== '').join('\n') };
}

function problem(what: string, said: string): MachineProblem {
  return { what: `${what}: ${said.slice(0, 2000)}`, mend: 'docs/sandbox.md lists what the machine has to allow' };
}
