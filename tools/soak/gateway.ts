import { randomInt } from 'node:crypto';
import { fuzzGateway } from '../../test/support/hostile/fuzz-gateway.ts';

const REPORT_REQUESTS = 10_000;
/** Number of requests until caches are full and the first nonces expire. */
const WARM_REQUESTS = 50_000;
const GROWTH_LIMIT_BYTES = 20 * 1024 * 1024;

/**
 * Sends `count` fuzzed requests to a gateway, and prints the answers and the memory used. Ends the process with 1 at
 * the first server fault, at the first request without an answer, or if memory grows.
 */
export async function soakGateway(requests: number, seed: number = randomInt(2 ** 31)): Promise<void> {
  process.stdout.write(`the fuzzer's seed is ${seed}\n`);
  let warmBytes: number | undefined;
  await fuzzGateway(
    { requests, seed, every: REPORT_REQUESTS },
    ({ requests: sent, statuses, heapBytes, residentBytes }) => {
      if (sent >= WARM_REQUESTS) warmBytes ??= heapBytes;
      const answers = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`);
      const [heap, resident] = [heapBytes, residentBytes].map((bytes) => (bytes / 1e6).toFixed(1));
      process.stdout.write(`${sent} requests, heap ${heap} MB, resident ${resident} MB; ${answers.join(', ')}\n`);
      if (warmBytes !== undefined && heapBytes > warmBytes + GROWTH_LIMIT_BYTES) {
        process.stderr.write(`the heap grew by more than ${GROWTH_LIMIT_BYTES} bytes\n`);
        process.exit(1);
      }
    },
  );
}
