import { randomUUID } from 'node:crypto';
import { startBox } from './box.ts';
import { withBoxFolder } from './box-folder.ts';
import type { MachineProblem } from './check-machine.ts';
import { egressRules } from './egress-rules.ts';
import type { HelperState } from './helper-state.ts';
import { prepareStoreImage } from './store-image.ts';

const trialLimits = { memoryBytes: 256 * 2 ** 20, cpus: 1, pids: 64, diskBytes: 64 * 2 ** 20, timeoutMs: 20_000 };

/** Runs a box that does nothing, with everything a build's has. Says which part of it the machine did not allow. */
export async function tryBox(state: HelperState): Promise<MachineProblem[]> {
  const id = randomUUID();
  return withBoxFolder(state, id, async (folder) => {
    await prepareStoreImage(`${folder}/store.img`, trialLimits.diskBytes);
    const box = startBox(state.roots, state.cgroupPrefix, {
      id,
      rootfs: state.rootfs,
      args: ['/bin/true'],
      disk: { kind: 'image', path: `${folder}/store.img` },
      bases: [],
      network: 'world',
      rules: egressRules([], []),
      limits: trialLimits,
    });
    let words = '';
    box.output.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-2000);
    });
    const timer = setTimeout(() => box.kill(), trialLimits.timeoutMs);
    const end = await box.end;
    clearTimeout(timer);
    if (end.exitCode === 0) return [];
    const failure =
      end.events.find((event) => event.startsWith('failed ')) ?? `it ended with ${end.exitCode ?? end.signal}`;
    return [
      {
        what: `a trial sandbox did not run: ${failure}; ${words.trim()} ${end.complaints}`,
        mend: 'docs/sandbox.md lists what the kernel has to allow',
      },
    ];
  });
}
