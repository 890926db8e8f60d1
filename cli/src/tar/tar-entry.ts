import type { Header, Pack } from 'tar-stream';

/** Writes one entry of a tar file. A link has no content; a file must be given its own, even if that is empty. */
export function addEntry(
  tar: Pack,
  header: Partial<Header> & { name: string },
  content?: string | Buffer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error | null) => (error ? reject(error) : resolve());
    if (content === undefined) tar.entry(header, end);
    else tar.entry(header, content, end);
  });
}
