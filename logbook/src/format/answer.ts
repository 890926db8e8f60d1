/** A value, or the promise of one: a log on this machine answers at once, one that is elsewhere does later. */
export type Answer<Value> = Value | Promise<Value>;

/** Goes on with an answer: at once if it is here. */
export function withAnswer<Value, Result>(answer: Answer<Value>, use: (value: Value) => Result): Answer<Result> {
  return answer instanceof Promise ? answer.then(use) : use(answer);
}
