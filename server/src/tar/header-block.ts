const OCTAL_LIMIT_BYTES = 8 ** 11;

/** The header of a file of a program's own in an archive: owner root, time 0 (ustar). A name has at most 100 bytes. */
export function headerBlock({ name, sizeBytes }: { name: string; sizeBytes: number }): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  block.write(name, 0);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  if (sizeBytes < OCTAL_LIMIT_BYTES) octal(sizeBytes, 124, 12);
  else {
    // As GNU tar and others write it: the number itself, with the first bit set.
    block.writeUInt8(0x80, 124);
    block.writeBigUInt64BE(BigInt(sizeBytes), 128);
  }
  octal(0, 136, 12);
  block.fill(' ', 148, 156);
  block.write('0', 156);
  block.write('ustar\x0000', 257, 'latin1');
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}
