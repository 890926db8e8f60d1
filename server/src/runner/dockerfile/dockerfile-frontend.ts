import { HOST_PLATFORM } from '#platform/platform.ts';
import { type ImageReference, ImageReferenceError, parseImageReference } from '#registry/foreign/image-reference.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { directivesOf } from './dockerfile-directives.ts';
import { cutLines } from './dockerfile-lines.ts';
import type { NamedImage, SourceDockerfile } from './dockerfile-plan.ts';

const NAME_LIMIT_CHARS = 200;

/** What a `# syntax=` directive leads to: an image that reads the Dockerfile, or nothing because the operator did not allow it. */
export type AskedFrontend = { frontend: NamedImage } | { ignored: string } | undefined;

/**
 * Reads the frontend that a Dockerfile asks for. `allowed` are the names that the operator allows, each with any tag if it
 * has none (https://docs.docker.com/build/buildkit/frontend/). Throws BuildFailed if one of the build's `contexts` would
 * replace it.
 */
export function askedFrontend(
  { path, text }: SourceDockerfile,
  allowed: readonly string[],
  contexts: readonly string[],
): AskedFrontend {
  const lines = text.split('\n');
  const directive = directivesOf(lines).find(({ name }) => name === 'syntax');
  // The builder hands the text after a space to the frontend.
  const [image = ''] = directive?.value.split(/\s/) ?? [];
  if (directive === undefined || image === '' || allowed.length === 0) return undefined;
  const asked = referenceOf(image);
  if (asked === undefined || !allowed.some((name) => allows(name, asked)))
    return { ignored: image.slice(0, NAME_LIMIT_CHARS) };
  const line = directive.line + 1;
  const dockerfile = cutLines(path, lines, { firstLine: line, lastLine: line });
  const context = contexts.find((name) => isSameRepository(name, asked));
  if (context === undefined) return { frontend: { image, platform: HOST_PLATFORM, isBase: false, dockerfile } };
  const words = `the build context ${context} would replace the frontend ${image} (# syntax=), which only the operator allows`;
  const failure = new BuildFailed('dockerfile-syntax', words);
  failure.dockerfile = dockerfile;
  throw failure;
}

function allows(name: string, asked: ImageReference): boolean {
  const one = referenceOf(name);
  if (one?.host !== asked.host || one.repository !== asked.repository) return false;
  const isAnyTag = one.digest === undefined && !name.slice(name.lastIndexOf('/')).includes(':');
  return isAnyTag || (one.tag === asked.tag && one.digest === asked.digest);
}

/** The builder also looks for a context whose name has the platform after `::`. */
function isSameRepository(context: string, { host, repository }: ImageReference): boolean {
  const [name = ''] = context.split('::', 1);
  const one = referenceOf(name);
  return one?.host === host && one.repository === repository;
}

function referenceOf(text: string): ImageReference | undefined {
  try {
    return parseImageReference(text);
  } catch (error) {
    if (error instanceof ImageReferenceError) return undefined;
    throw error;
  }
}
