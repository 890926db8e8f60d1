/** The source of an image, and its commit. */
export interface ImageOrigin {
  /** Undefined for a sent folder. */
  url: string | undefined;
  commitId: string | undefined;
}

/**
 * The labels that say where an image comes from, with the names of
 * https://github.com/opencontainers/image-spec/blob/main/annotations.md. Labels in the Dockerfile take precedence.
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
