/** An error that the builder itself reports for a word of a Dockerfile. */
export class WordError extends Error {}
