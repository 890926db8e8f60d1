/** What a reply says about its object, without what every reply has. */
export function replyData<Reply extends object>(reply: Reply): Omit<Reply, 'Code' | 'IsSuccess' | 'RequestId'> {
  const { Code, IsSuccess, RequestId, ...data } = reply as Reply & Partial<Record<string, unknown>>;
  return data as Omit<Reply, 'Code' | 'IsSuccess' | 'RequestId'>;
}
