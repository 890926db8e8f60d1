/**
 * `host:port` in the names of a server's images, as other machines pull them: that of its public URL, else that of the
 * endpoint. No client takes `[::1]` in the name of an image; `localhost` is the same place.
 */
export function imageHost(endpoint: string, publicUrl: string | undefined): string {
  return new URL(publicUrl ?? endpoint).host.replace(/^\[::1\]/, 'localhost');
}
