/** An image's name as the builder calls it: `docker.io/library/busybox:latest` is `busybox`. */
export function familiarName(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '').replace(/:latest$/, '');
}
