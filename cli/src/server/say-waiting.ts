import { callNative } from '@slipway/client/call-native.ts';
import { counted } from '@slipway/client/counted.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { say } from '../output/say.ts';
import type { Server } from './find-server.ts';

const FIRST_LOOK_MS = 2000;
const LOOK_MS = 5000;

/**
 * Reports a build's position in the queue and why it waits, and again whenever one of them changes. Returns a function
 * that ends this.
 */
export function sayWaiting(server: Server, buildRecordId: string): () => void {
  let timer: NodeJS.Timeout | undefined;
  let said: string | undefined;
  let ended = false;
  const look = async () => {
    const build = await callNative(server.client, 'getBuild', { id: buildRecordId });
    if (ended || build.Status !== 'PENDING') return;
    const sentence = waitSentence(build);
    if (sentence !== said) say(sentence);
    said = sentence;
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

/** Where in the queue a build waits, and why. */
export function waitSentence({
  QueuePosition: position,
  WaitReason: reason,
  ExpectedDuration: expectedMs,
}: Pick<NativeCalls['getBuild']['reply'], 'QueuePosition' | 'WaitReason' | 'ExpectedDuration'>): string {
  const place = position === undefined ? '' : `, with ${aheadWords(position - 1)} ahead of it`;
  const why = reason === undefined ? '' : `: ${reason}`;
  const took = expectedMs === undefined ? '' : `; the last good builds took ${Math.ceil(expectedMs / 1000)} s`;
  return `the build is waiting in the queue${place}${why}${took}`;
}

/** Builds may end or be cancelled in any order, so the count is a bound. */
function aheadWords(most: number): string {
  return most <= 0 ? 'no build' : `at most ${counted(most, 'build')}`;
}
