/** No answer came: the server, or the network on the way to it, is away. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/**
 * Like `fetch`; throws `NoAnswer` if no answer comes, or ends in the middle. `fetch` itself throws a TypeError then, as
 * mistakes in programs do.
 */
export const reach: typeof fetch = async (input, init) => {
  const response = await answered(() => fetch(input, init));
  for (const name of ['arrayBuffer', 'blob', 'json', 'text'] as const) {
    const read: () => Promise<unknown> = response[name].bind(response);
    Object.assign(response, { [name]: () => answered(read) });
  }
  return response;
};

/** Waits for a part of an answer; throws `NoAnswer` if it does not come. */
export async function answered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof TypeError) throw new NoAnswer('The server does not answer', { cause });
    throw cause;
  }
}
