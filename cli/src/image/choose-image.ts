import { counted } from '@slipway/client/counted.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/**
 * Chooses one image of an archive: the one that `ref` names, the only one, or the one named like the tag it will get.
 * Throws CliError that lists the images.
 */
export function chooseImage<T>(
  images: readonly { names: readonly string[]; value: T }[],
  choice: { tag: string; ref?: string | undefined },
  label: string,
): T {
  const { tag, ref } = choice;
  const wanted = ref ?? tag;
  const named = images.filter(({ names }) => names.some((name) => name === wanted || name.endsWith(`:${wanted}`)));
  const [first] = ref === undefined && images.length === 1 ? images : named;
  if (first !== undefined && (images.length === 1 || named.length === 1)) return first.value;
  const names = images.flatMap((image) => image.names);
  const shown = names.length === 0 ? 'without names' : names.slice(0, 20).join(', ');
  const problem =
    ref === undefined ? `holds ${counted(images.length, 'image')}` : `does not have exactly one image "${ref}"`;
  throw new CliError(EXIT_CODES.usage, `${label} ${problem} (${shown}); choose one with --ref NAME`);
}
