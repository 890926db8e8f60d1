/** Longer words of the builder are cut: its line in the log has all of them. */
const LIMIT_CHARS = 300;

const ERROR_LINE = /^Error: (?:building at STEP "[^\n]*?": )?([^\n]+)$/gm;

/**
 * What the builder said last when it gave up, without what only its own folders and types are: a sentence's second half.
 * Undefined where it said nothing.
 */
export function builderWords(tail: string): string | undefined {
  const said = [...tail.matchAll(ERROR_LINE)].at(-1)?.[1];
  if (said === undefined) return undefined;
  const missing = /checking on sources under "([^"]*)": .*?"\/?([^"]+)": no such file or directory/.exec(said);
  if (missing) {
    const [, under, path] = missing;
    return under === '/in/context'
      ? `there is no ${path} in the source, or .dockerignore leaves it out`
      : `there is no ${path} in the stage or image that it is copied from`;
  }
  const unknown = /Unknown instruction: "([^"]*)"/.exec(said)?.[1];
  if (unknown !== undefined)
    return `${unknown} is no instruction of a Dockerfile (this builder knows no here-documents, <<: join commands with &&)`;
  const words = said.replace(/ &imagebuilder\.Step\{.*/, '').replaceAll('/in/context', 'the source');
  return words.length > LIMIT_CHARS ? `${words.slice(0, LIMIT_CHARS)}…` : words;
}
