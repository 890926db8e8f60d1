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

const trialLimits = { memoryBytes: 512 * 2 ** 20, cpus: 1, pids: 256, diskBytes: 256 * 2 ** 20, timeoutMs: 120_000 };

const busybox = '/bin/busybox';
const words = 'a trial step ran';
const context: Record<string, string> = {
  Dockerfile: 'FROM scratch\nCOPY busybox words /\nRUN ["/busybox", "cat", "/words"]\n',
  words: `${words}\n`,
};

/** Builds an image as any build is built: FROM, COPY and RUN, to the finished image. Says with the builder's words what failed. */
export async function tryBuild(state: HelperState): Promise<MachineProblem[]> {
  const id = randomUUID();
  return withBoxFolder(state, id, async (folder, firstId) => {
    makeFolder(`${folder}/in/context`);
    for (const [name, text] of Object.entries(context)) writeFileSync(`${folder}/in/context/${name}`, text);
    copyFileSync(busybox, `${folder}/in/context/busybox`);
    await changeOwner(`${folder}/in/context`, { uid: firstId, gid: firstId });
    const build = { dockerfile: 'Dockerfile', buildArgs: {}, bases: [], limits: trialLimits };
    const { args, environment } = writeBuilderInput(`${folder}/in`, `${folder}/in/context`, build);
    const disk = `${folder}/store.img`;
    await prepareStoreImage(disk, trialLimits.diskBytes);
    const end = await runTrial(state, { id, firstId, args, environment, disk });
    const isWhole = end.events.includes('copied') && end.said.includes(Buffer.from(`${words}\n`).toString('base64'));
    return isWhole ? [] : [problem('a trial build did not end well', end.said)];
  });
}

async function runTrial(
  state: HelperState,
  plan: Pick<BoxPlan, 'id' | 'firstId' | 'args' | 'environment' | 'disk'>,
): Promise<{ events: string[]; said: string }> {
  const surroundings = { bases: [], network: 'world', rules: egressRules([], []), limits: trialLimits } as const;
  const rootfs = openBuilderRoot();
  const box = startBox(state.roots, state.cgroupPrefix, { ...plan, ...surroundings, bases: [], rootfs });
  let output = '';
  box.output.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-16_000);
  });
  const timer = setTimeout(() => box.kill(), trialLimits.timeoutMs);
  const { exitCode, signal, events, complaints } = await box.end;
  clearTimeout(timer);
  const failure = events.find((event) => /^(failed|no-daemon) /.test(event)) ?? `it ended with ${exitCode ?? signal}`;
  return { events, said: [failure, output.trim(), complaints].filter((text) => text !== '').join('\n') };
}

function problem(what: string, said: string): MachineProblem {
  return { what: `${what}: ${said.slice(0, 2000)}`, mend: 'docs/sandbox.md lists what the machine has to allow' };
}
