import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { BOX_PLACE } from './runc-config.ts';

const run = promisify(execFile);

// A cancelled build must end within two seconds.
const PATIENCE_MS = 1000;

/**
 * Runs nft in the network namespace of a running box and returns what it prints. `boxPid` is the parent of boxinit.sh.
 * The namespace is found through boxinit.sh's view of mounts, since a process of the build may be in a namespace of its
 * own. Throws if the box is not set up yet or has ended.
 */
export async function nftInBox(boxPid: number | undefined, args: readonly string[]): Promise<string> {
  const [init] = readFileSync(`/proc/${boxPid}/task/${boxPid}/children`, 'utf8').split(' ');
  if (!init) throw new Error(`process ${boxPid} has no box`);
  const command = ['--target', init, '--mount', 'nsenter', `--net=${BOX_PLACE}/netns`, 'nft', ...args];
  return (await run('nsenter', command, { timeout: PATIENCE_MS, killSignal: 'SIGKILL' })).stdout;
}
