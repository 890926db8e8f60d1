import { randomBytes, randomUUID } from 'node:crypto';
import { copyFileSync, writeFileSync } from 'node:fs';
import { type BoxPlan, startBox } from '../box/box.ts';
import { withBoxFolder } from '../box/box-folder.ts';
import { egressRules } from '../box/egress-rules.ts';
import type { HelperState } from '../box/helper-state.ts';
import { streamsFolder } from '../box/runc-config.ts';
import { StepStreams } from '../box/step-streams.ts';
import { openBuilderRoot } from '../builder/builder-root.ts';
import { makeFolder } from '../folder/make-folder.ts';
import { changeOwner } from '../folder/owner-folder.ts';
import { FRAME_TYPES } from '../protocol/frame.ts';
import type { MachineProblem } from '../protocol/reply.ts';
import { streamMarked } from '../protocol/step-mark.ts';
import { prepareStoreImage } from '../store/store-image.ts';
import { writeBuilderInput, writeBuildInput } from './builder-input.ts';

const TRIAL_LIMITS = { memoryBytes: 512 * 2 ** 20, cpus: 1, pids: 256, diskBytes: 256 * 2 ** 20, timeoutMs: 120_000 };

const BUSYBOX = '/bin/busybox';
const WORDS = 'a trial step ran';
const CONTEXT: Record<string, string> = {
  Dockerfile: 'FROM scratch\nCOPY busybox words /\nRUN ["/busybox", "cat", "/words"]\n',
  words: `${WORDS}\n`,
};

/**
 * Builds an image the way every build is built: FROM, COPY and RUN, to the finished image. On failure it reports the
 * builder's output.
 */
export async function tryBuild(state: HelperState): Promise<MachineProblem[]> {
  const id = randomUUID();
  return withBoxFolder(state, id, async (folder, firstId) => {
    makeFolder(`${folder}/in/context`);
    for (const [name, text] of Object.entries(CONTEXT)) writeFileSync(`${folder}/in/context/${name}`, text);
    copyFileSync(BUSYBOX, `${folder}/in/context/busybox`);
    await changeOwner(`${folder}/in/context`, { uid: firstId, gid: firstId });
    const stepMark = randomBytes(16).toString('hex');
    const { args, environment } = writeBuilderInput(`${folder}/in`, { limits: TRIAL_LIMITS, stepMark });
    const build = { dockerfile: 'Dockerfile', buildArgs: {}, bases: [] };
    writeBuildInput(`${folder}/in`, { context: `${folder}/in/context` }, build);
    const disk = `${folder}/store.img`;
    await prepareStoreImage(disk, TRIAL_LIMITS.diskBytes);
    const end = await runTrial(state, { id, firstId, args, environment, disk }, stepMark);
    const isWhole = end.events.includes('copied') && end.said.includes(WORDS);
    return isWhole ? [] : [problem('a trial build failed', end.said)];
  });
}

async function runTrial(
  state: HelperState,
  plan: Pick<BoxPlan, 'id' | 'firstId' | 'args' | 'environment' | 'disk'>,
  stepMark: string,
): Promise<{ events: string[]; said: string }> {
  const surroundings = { network: 'world', rules: egressRules([], []), limits: TRIAL_LIMITS } as const;
  const rootfs = openBuilderRoot();
  const box = startBox(state.roots, state.cgroupPrefix, { ...plan, ...surroundings, rootfs });
  box.give({ bases: [] });
  let output = '';
  const keep = (text: string): void => {
    output = (output + text).slice(-16_000);
  };
  const write = (type: number, ...parts: Buffer[]): boolean => {
    if (type === FRAME_TYPES.step) keep(`${parts.at(-1)}`);
    return true;
  };
  const streams = new StepStreams(streamsFolder(box.pid), { write, room: async () => undefined });
  box.output.on('data', (chunk: Buffer) => {
    keep(chunk.toString('utf8'));
    const marked = findMarkedStream(output, stepMark);
    if (marked) streams.open(marked, 1);
  });
  const timer = setTimeout(() => box.kill(), TRIAL_LIMITS.timeoutMs);
  const { exitCode, signal, events, complaints } = await box.end;
  await streams.close();
  clearTimeout(timer);
  const failure = events.find((event) => /^(failed|no-daemon) /.test(event)) ?? `it ended with ${exitCode ?? signal}`;
  return { events, said: [failure, output.trim(), complaints].filter((text) => text !== '').join('\n') };
}

/** The stream of the only step that prints, taken from the builder's output. */
function findMarkedStream(said: string, mark: string): string | undefined {
  const pieces = said.matchAll(/"data":"([A-Za-z0-9+/=]{1,256})"/g);
  return [...pieces].map(([, data = '']) => streamMarked(Buffer.from(data, 'base64'), mark)).find(Boolean);
}

function problem(what: string, said: string): MachineProblem {
  return { what: `${what}: ${said.slice(0, 2000)}`, fix: 'docs/sandbox.md lists what the machine must allow' };
}
