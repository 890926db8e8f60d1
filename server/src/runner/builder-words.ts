/** Longer words of the builder are cut: its line in the log has all of them. */
const LIMIT_CHARS = 300;
/** So much of a line is read. */
const READ_CHARS = 4000;

/** What the builder says of itself and its store, whatever the source is. */
const OWN_TROUBLE = [
  'layer not known',
  'checking if cached image exists',
  'trying to reuse blob',
  'committing container',
  'input/output error',
  'structure needs cleaning',
  'read-only file system',
  'too many open files',
  'cannot allocate memory',
];

/** What the builder said last, and whether the source or the machine is to blame. */
export interface BuilderWords {
  fault: 'source' | 'machine';
  /** A sentence's second half. */
  words: string;
}

/**
 * What the builder said last when it gave up, without what only its own folders and types are. `instruction` is the newest
 * step's. Undefined where it said nothing.
 */
export function builderWords(tail: string, instruction: string | undefined): BuilderWords | undefined {
  const lines = tail.split('\n').map((line) => line.slice(0, READ_CHARS));
  if (lines.some((line) => line.startsWith('goroutine ')))
    return { fault: 'machine', words: `the builder itself failed on it (${panicOf(lines)})` };
  const said = lines.findLast((line) => line.startsWith('Error: '))?.slice('Error: '.length);
  if (said === undefined) return undefined;
  const words = notStarted(lines) ?? mended(withoutPlace(said, instruction));
  const fault = OWN_TROUBLE.some((trouble) => said.includes(trouble)) ? 'machine' : 'source';
  return { fault, words: words.length > LIMIT_CHARS ? `${words.slice(0, LIMIT_CHARS)}…` : words };
}

function panicOf(lines: readonly string[]): string {
  return lines.find((line) => line.startsWith('panic: '))?.slice(0, LIMIT_CHARS) ?? 'it says nothing of the cause';
}

/** The runtime's reason for not starting a step's program: after the program's words, which may have line ends. */
function notStarted(lines: readonly string[]): string | undefined {
  const from = lines.findIndex((line) => line.startsWith('error running container: '));
  if (from < 0) return undefined;
  const line = lines.slice(from).findLast((each) => each.includes(']: '));
  return line && `its program cannot be started: ${line.slice(line.lastIndexOf(']: ') + 3)}`;
}

function withoutPlace(said: string, instruction: string | undefined): string {
  const exact = `building at STEP "${instruction}": `;
  if (said.startsWith(exact)) return said.slice(exact.length);
  const end = said.startsWith('building at STEP "') ? said.indexOf('": ') : -1;
  return end < 0 ? said : said.slice(end + 3);
}

function mended(said: string): string {
  const [under, ...rest] = said.startsWith(MISSING) ? said.slice(MISSING.length).split('": ') : [];
  if (under !== undefined && rest.at(-1) === 'no such file or directory') {
    const path = rest.at(-2)?.replace(/^[^"]*"\/?/, '') ?? '';
    return under === '/in/context'
      ? `there is no ${path} in the source, or .dockerignore leaves it out`
      : `there is no ${path} in the stage or image that it is copied from`;
  }
  const unknown = /^Build error: Unknown instruction: "([^"]*)"/.exec(said)?.[1];
  if (unknown !== undefined)
    return `${unknown} is no instruction of a Dockerfile (this builder knows no here-documents, <<: join commands with &&)`;
  const dump = said.indexOf(' &imagebuilder.Step{');
  return (dump < 0 ? said : said.slice(0, dump)).replaceAll('/in/context', 'the source');
}

const MISSING = 'checking on sources under "';
