/** Works on all items, on a few at once. Rejects with the first failure, once nothing runs any more. */
export async function eachAtOnce<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  let isBroken = false;
  const worker = async () => {
    for (let next = rest.next(); !isBroken && next.done !== true; next = rest.next())
      await work(next.value).catch((error: unknown) => {
        isBroken = true;
        throw error;
      });
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
