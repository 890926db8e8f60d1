import { Worker } from 'node:worker_threads';

/** The longest stretches in which a server computed for others before it answered `/healthz`, in milliseconds. */
export interface LoopFigures {
  answers: number;
  /** Of the processor time of the server's own thread while an answer was waited for. */
  longestMs: number;
  /** By the clock, which a busy machine makes longer. */
  longestWaitMs: number;
  p99WaitMs: number;
}

/** Asks a server for its health again and again, from a thread of its own. */
export interface LoopWatch {
  stop(): Promise<LoopFigures>;
}

/**
 * Watches the one thread of a server by what others feel of it: how long `/healthz` waits. On a machine that others use too,
 * the clock says nothing of the server, so what counts is how much of the processor its thread took while the answer was
 * waited for (schedstat of proc(5)): a text that stops the thread for a second makes that a second, and another
 * program that has the processor meanwhile adds nothing.
 */
export function watchLoop(endpoint: string, pid: number): LoopWatch {
  const worker = new Worker(new URL('./loop-watch-thread.ts', import.meta.url), { workerData: { endpoint, pid } });
  const figures = new Promise<LoopFigures>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  figures.catch(() => undefined);
  return {
    stop: () => {
      worker.postMessage('stop');
      return figures;
    },
  };
}
