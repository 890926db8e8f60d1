import { execFileSync } from 'node:child_process';

const SCRIPT = `
import json, sys, xml.etree.ElementTree as tree
def read(text):
    root = tree.fromstring(text)
    children = [(e.tag, [(c.tag, c.text or "") for c in e] if len(e) else (e.text or "")) for e in root]
    return {"root": root.tag, "children": children}
json.dump([read(text.encode()) for text in json.load(sys.stdin.buffer)], sys.stdout)
`;

/** An XML reply: the name of the root and its children in order, each a text or named texts. */
export interface XmlReply {
  root: string;
  children: [string, string | [string, string][]][];
}

/** Parses XML replies with Python's parser, in one run. */
export function parseXmlReplies(texts: readonly string[]): XmlReply[] {
  return JSON.parse(execFileSync('python3', ['-c', SCRIPT], { input: JSON.stringify(texts), encoding: 'utf8' }));
}

/** Parses one XML reply. */
export function parseXml(text: string): XmlReply {
  const [reply] = parseXmlReplies([text]);
  if (!reply) throw new Error('python3 returned no reply');
  return reply;
}
