import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { LoopFigures } from './loop-watch.ts';

/** The thread of loop-watch.ts. */
const PAUSE_MS = 10;
const ANSWER_LIMIT_MS = 120_000;

const { endpoint, pid } = workerData as { endpoint: string; pid: number };
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const waits: number[] = [];
let longestMs = 0;
let stopped = false;
parentPort?.once('message', () => {
  stopped = true;
});
while (!stopped) {
  const [startMs, usedMs] = [performance.now(), processorMs()];
  await ask();
  longestMs = Math.max(longestMs, processorMs() - usedMs);
  waits.push(performance.now() - startMs);
  await sleep(PAUSE_MS);
}
agent.destroy();
waits.sort((a, b) => a - b);
const figures: LoopFigures = {
  answers: waits.length,
  longestMs,
  longestWaitMs: waits.at(-1) ?? 0,
  p99WaitMs: waits[Math.floor(waits.length * 0.99)] ?? 0,
};
parentPort?.postMessage(figures);

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = get(`${endpoint}/healthz`, { agent, timeout: ANSWER_LIMIT_MS }, (reply) => {
      reply.resume().once('end', () => resolve());
      if (reply.statusCode !== 200) reject(new Error(`/healthz answers ${reply.statusCode}`));
    });
    asked.once('timeout', () => asked.destroy(new Error(`/healthz does not answer within ${ANSWER_LIMIT_MS} ms`)));
    asked.once('error', reject);
  });
}

/** The processor time of the server's main thread, whose id is the process id. */
function processorMs(): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
}
