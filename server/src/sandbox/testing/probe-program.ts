// For tests: the smallest programs that make one system call.
const CODE_ADDRESS = 0x40_0078;

/**
 * Shell commands that make and run a program for x86-64 with only this code, as /p. The code leaves a call's result in
 * eax: its exit code is the error number, or 0.
 */
export function stepOf(code: Buffer): string {
  return `echo ${program(code).toString('base64')} | base64 -d >/p && chmod 755 /p && /p`;
}

function program(code: Buffer): Buffer {
  // test eax,eax; jns 1f; neg eax; jmp 2f; 1: xor eax,eax; 2: mov edi,eax; mov eax,60; syscall
  const exit = Buffer.from('85c07904f7d8eb0231c089c7b83c0000000f05', 'hex');
  const body = Buffer.concat([code, exit]);
  const file = Buffer.alloc(0x78 + body.length);
  file.write('7f454c46020101', 0, 'hex');
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(62, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(CODE_ADDRESS), 24);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  // One segment: the whole file, readable and executable.
  file.writeUInt32LE(1, 64);
  file.writeUInt32LE(5, 68);
  file.writeBigUInt64LE(0x40_0000n, 80);
  file.writeBigUInt64LE(0x40_0000n, 88);
  file.writeBigUInt64LE(BigInt(file.length), 96);
  file.writeBigUInt64LE(BigInt(file.length), 104);
  file.writeBigUInt64LE(0x1000n, 112);
  body.copy(file, 0x78);
  return file;
}

/** `syscall` with three arguments. */
export function call(number: number, ...args: [number, number, number]): Buffer {
  return Buffer.concat([
    move(0xb8, number),
    move(0xbf, args[0]),
    move(0xbe, args[1]),
    move(0xba, args[2]),
    bytes('0f05'),
  ]);
}

/** `int 0x80`; a list of numbers is passed by its address, and the code jumps over it. */
export function oldCall(number: number, first: number, list: number[]): Buffer {
  const data = Buffer.alloc(list.length * 4);
  for (const [at, value] of list.entries()) data.writeUInt32LE(value, at * 4);
  const second = list.length > 0 ? CODE_ADDRESS + 2 : 1;
  const jump = Buffer.from([0xeb, data.length]);
  return Buffer.concat([
    jump,
    data,
    move(0xb8, number),
    move(0xbb, first),
    move(0xb9, second),
    move(0xba, 0),
    bytes('cd80'),
  ]);
}

/** Opens watches (inotify) until there are no more, and keeps them. */
export function takeAllWatches(): Buffer {
  // 1: mov eax,253; syscall; test eax,eax; jns 1b; mov eax,34; syscall
  return bytes('b8fd0000000f0585c079f5b8220000000f05');
}

/** `mov` of a number into the register of this opcode. */
function move(opcode: number, value: number): Buffer {
  const code = Buffer.from([opcode, 0, 0, 0, 0]);
  code.writeUInt32LE(value, 1);
  return code;
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}
