/**
 * `host:port` in the names of a server's images, as other machines pull them: from its public URL, or else from the
 * endpoint. No client accepts `[::1]` in an image name; a server there is at 127.0.0.1 too.
 */
export function imageHost(endpoint: string, publicUrl: string | undefined): string {
  return new URL(publicUrl ?? endpoint).host.replace(/^\[::1\]/, '127.0.0.1');
}
