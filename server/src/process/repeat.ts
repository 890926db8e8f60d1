/** Acts at once and then every `everyMs`, never twice at a time, until it is closed. `failed` is told why an act failed. */
export function repeat(
  everyMs: number,
  act: () => Promise<unknown>,
  failed: (error: unknown) => void,
): { close(): Promise<void> } {
  let acting: Promise<void> | undefined;
  const begin = () => {
    acting ??= act()
      .then(() => undefined, failed)
      .finally(() => {
        acting = undefined;
      });
  };
  const timer = setInterval(begin, everyMs);
  begin();
  return {
    close: async () => {
      clearInterval(timer);
      await acting;
    },
  };
}
