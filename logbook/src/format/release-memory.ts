/**
 * Returns the memory of bytes that nobody uses any more, which the collector would do some time later. Not if Node cut it from its
 * own pool, which others share.
 */
export function releaseMemory(bytes: Buffer | undefined): void {
  const memory = bytes?.buffer;
  if (memory instanceof ArrayBuffer && !memory.detached && memory.byteLength !== Buffer.poolSize) memory.transfer(0);
}
