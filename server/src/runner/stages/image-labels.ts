/** Where an image's source is, and which commit it is of. */
export interface ImageOrigin {
  /** Undefined for a folder that a client sent. */
  url: string | undefined;
  commitId: string | undefined;
}

/**
 * The labels that tell where an image comes from, by the names of
 * https://github.com/opencontainers/image-spec/blob/main/annotations.md. A label that the Dockerfile sets is its own.
 */
export function imageLabels(dockerfile: string, origin: ImageOrigin): Record<string, string> {
  const labels = {
    'org.opencontainers.image.source': origin.url,
    'org.opencontainers.image.revision': origin.commitId,
  };
  return Object.fromEntries(
    Object.entries(labels).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !dockerfile.includes(entry[0]),
    ),
  );
}
