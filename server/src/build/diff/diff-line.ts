/**
 * A log line without the parts that differ between equal runs: times, durations, rates, hashes, ids and names of temporary
 * files. Two lines are the same if these texts are equal.
 */
export function comparableLine(message: string): string {
  let text = message.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').trimEnd();
  for (const [pattern, place] of VARYING) text = text.replace(pattern, place as string);
  return text;
}

/** The varying parts of a line and their replacements. A function decides if the pattern alone is not enough. */
const VARYING: readonly (readonly [RegExp, string | ((found: string, unit?: string) => string)])[] = [
  // In a Dockerfile with one more step, all step numbers differ.
  [/^(?:CACHED )?(?:\[[\w/> .-]{1,128}\] )?STEP \d{1,5}\/\d{1,5}: /, '[step] '],
  [/^[0-9a-f]{8,64}$/, '<hash>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\bsha(?:256|512|1):[0-9a-f]{7,128}\b/gi, '<hash>'],
  [/\bsha(?:512|256|384)-[A-Za-z0-9+/]+={0,2}/g, '<hash>'],
  [/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|\s?[+-]\d{2}:?\d{2}|\sUTC)?/g, '<time>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .{6,14}\d{2}:\d{2}:\d{2}(?: [A-Z]{3,4})?(?: \d{4})?/g, '<time>'],
  [/\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?\b/g, '<time>'],
  [/\b\d+(?:\.\d+)?\s?(?:ns|µs|us|ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b/g, '<duration>'],
  // Match whole numbers, so that the match does not start again at each digit.
  [/\b\d[\d.,]*(\s?[kKMGT]?i?B\/s(?:ec)?\b)?/g, (found, unit) => (unit === undefined ? found : '<rate>')],
  // A hash has both digits and letters, unlike a word or a number.
  [
    /\b[0-9a-f]{7,}\b/gi,
    (found) => (found.length <= 128 && /\d/.test(found) && /[a-f]/i.test(found) ? '<hash>' : found),
  ],
  [/\/tmp\/[\w.-]+/g, '/tmp/<name>'],
];
