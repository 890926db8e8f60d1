import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { say } from '../output/say.ts';
import type { Server } from './find-server.ts';

const FIRST_LOOK_MS = 2000;
const LOOK_MS = 5000;

/**
 * Reports a build's position in the queue while it waits, and whenever the position changes. Returns a function that
 * ends this.
 */
export function sayWaiting(server: Server, buildRecordId: string): () => void {
  let timer: NodeJS.Timeout | undefined;
  let said: number | undefined;
  let saidReason: string | undefined;
  let ended = false;
  const look = async () => {
    const build = await callNative(server.client, 'getBuild', { id: buildRecordId });
    if (ended || build.Status !== 'PENDING') return;
    if (build.WaitReason !== undefined && build.WaitReason !== saidReason)
      say(`the build is waiting: ${build.WaitReason}`);
    else if (build.QueuePosition !== undefined && build.QueuePosition !== said) say(sentence(build));
    said = build.QueuePosition;
    saidReason = build.WaitReason;
    later(LOOK_MS);
  };
  const later = (ms: number) => {
    // Errors of the server are reported by the log, which is read meanwhile.
    timer = setTimeout(() => void look().catch(() => undefined), ms);
  };
  later(FIRST_LOOK_MS);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

function sentence({ QueuePosition, ExpectedDuration }: NativeCalls['getBuild']['reply']): string {
  const took =
    ExpectedDuration === undefined ? '' : `; the last good builds took ${Math.ceil(ExpectedDuration / 1000)} s`;
  return `the build is waiting in the queue, at position ${QueuePosition} or better${took}`;
}
