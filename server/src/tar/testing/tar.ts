/** A member of an archive for tests: a file unless `type` says otherwise. */
export interface MemberUnderTest {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly type?: string;
  readonly linkName?: string;
  readonly mode?: number;
  readonly modifiedS?: number;
  /** The size in the header, if it differs from the content's. */
  readonly sizeBytes?: number;
  readonly records?: Record<string, string>;
}

/** A tar archive of these members, with a pax header for each member that has records. */
export function tarOf(members: readonly MemberUnderTest[]): Buffer {
  return Buffer.concat([...members.flatMap(blocksOf), Buffer.alloc(1024)]);
}

function blocksOf({ records, ...member }: MemberUnderTest): Buffer[] {
  const own = [headerOf(member), padded(Buffer.from(member.content ?? ''))];
  if (!records) return own;
  const text = Object.entries(records).map(([key, value]) => recordOf(key, value));
  return [...blocksOf({ name: 'records', type: 'x', content: text.join('') }), ...own];
}

function headerOf(member: MemberUnderTest): Buffer {
  const { name, content = '', type = '0', linkName = '', mode = 0o644, modifiedS = 1_700_000_000 } = member;
  const block = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  block.write(name.slice(0, 100), 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(member.sizeBytes ?? Buffer.byteLength(content), 124, 12);
  octal(modifiedS, 136, 12);
  block.write('        ', 148);
  block.write(type, 156);
  block.write(linkName, 157);
  block.write('ustar\x0000', 257, 'latin1');
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** Its length includes itself. */
function recordOf(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (String(length).length + Buffer.byteLength(rest) !== length)
    length = String(length).length + Buffer.byteLength(rest);
  return `${length}${rest}`;
}
