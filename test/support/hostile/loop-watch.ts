import { Worker } from 'node:worker_threads';

/** The longest times for which a server computed for others before it answered `/healthz`, in milliseconds. */
export interface LoopFigures {
  answers: number;
  /** Processor time of the server's own thread while waiting for an answer. */
  longestMs: number;
  /** Clock time, which a busy machine makes longer. */
  longestWaitMs: number;
  p99WaitMs: number;
}

/** Polls a server's health from its own thread. */
export interface LoopWatch {
  stop(): Promise<LoopFigures>;
}

/**
 * Watches the main thread of a server by its effect on others: how long `/healthz` waits. On a shared machine, clock
 * time says nothing about the server, so this measures how much processor time its thread used while the answer was
 * pending (schedstat in proc(5)): a text that blocks the thread for a second is measured as one second, and another program
 * that uses the processor meanwhile adds nothing.
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
