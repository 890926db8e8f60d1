/** An image's short name, as the builder uses it: `docker.io/library/busybox:latest` is `busybox`. */
export function familiarName(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '').replace(/:latest$/, '');
}
