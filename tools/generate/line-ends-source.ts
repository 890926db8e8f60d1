import loadWabt from 'wabt';

/** Makes a TypeScript file that contains `logbook/src/hot/line-ends.wat` as WebAssembly. */
export async function lineEndsSource(text: string): Promise<string> {
  const wabt = await loadWabt();
  const module = wabt.parseWat('line-ends.wat', text, { simd: true });
  try {
    const { buffer } = module.toBinary({});
    return [
      '// Made from line-ends.wat by `npm run gen`. Do not edit.',
      '',
      '/** A WebAssembly module, in base64. */',
      `export const LINE_ENDS_MODULE =\n  '${Buffer.from(buffer).toString('base64')}';`,
      '',
    ].join('\n');
  } finally {
    module.destroy();
  }
}
