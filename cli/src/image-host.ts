/**
 * `host:port` in the names of a server's images, as other machines pull them: that of its public URL, else that of the
 * endpoint. No client takes `[::1]` in the name of an image; a server there is at 127.0.0.1 too.
 */
export function imageHost(endpoint: string, publicUrl: string | undefined): string {
  return new URL(publicUrl ?? endpoint).host.replace(/^\[::1\]/, '127.0.0.1');
}
