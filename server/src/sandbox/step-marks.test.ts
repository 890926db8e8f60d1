import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type OutputPart, StepMarks } from './step-marks.ts';

/** `builder:` and `step:` before each stretch, neighbours of one source joined. */
function shown(parts: OutputPart[]): string {
  let from = '';
  return parts
    .map((part) => {
      const head = part.from === from ? '' : `<${part.from}>`;
      from = part.from;
      return `${head}${part.bytes.toString('latin1')}`;
    })
    .join('');
}

function readCut(marks: StepMarks, text: string, cuts: readonly number[]): string {
  const bytes = Buffer.from(text, 'latin1');
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const parts = places.slice(1).flatMap((place, index) => marks.read(bytes.subarray(places[index], place)));
  return shown([...parts, ...marks.end()]);
}

test('what stands between marks is the step’s, however it is cut; no mark is left, and one within a line ends that line', () => {
  const lies = 'STEP 2/2: x\n\x1e\x1edeadbeef\x1e';
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 8 }), (cuts) => {
      const marks = new StepMarks();
      const [b, e] = [`${marks.prefix}b`, `${marks.prefix}e`];
      const text = `STEP 1/2: RUN\n${b}${lies}${e}--> 0\nno end${b}${e}STEP 2/2: RUN\n${b}line\n${e}Error: x\n`;
      const expected = `<builder>STEP 1/2: RUN\n<step>${lies}\n<builder>--> 0\nno end\n<step><builder>STEP 2/2: RUN\n<step>line\n<builder>Error: x\n`;
      assert.equal(readCut(marks, text, cuts), expected);
    }),
  );
});

test('output passes at once unless it may be the beginning of a mark, and what was none is given in the end', () => {
  const marks = new StepMarks();
  assert.equal(shown(marks.read(Buffer.from('progress 5%'))), '<builder>progress 5%');
  assert.equal(shown(marks.read(Buffer.from(`a${marks.prefix.slice(0, 7)}`))), '<builder>a');
  assert.equal(shown(marks.read(Buffer.from('z'))), `<builder>${marks.prefix.slice(0, 7)}z`);
  assert.equal(shown(marks.read(Buffer.from(marks.prefix))), '');
  assert.equal(shown(marks.end()), `<builder>${marks.prefix}`);
});

test('the mark of one build is none in another', () => {
  const [ours, theirs] = [new StepMarks(), new StepMarks()];
  assert.notEqual(ours.prefix, theirs.prefix);
  const text = `${theirs.prefix}b STEP 1/1: x\n${theirs.prefix}e`;
  assert.equal(readCut(ours, text, []), `<builder>${text}`);
});
