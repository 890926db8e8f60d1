import { execFileSync } from 'node:child_process';

const SCRIPT = `
import json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
children = [(e.tag, [(c.tag, c.text or "") for c in e] if len(e) else (e.text or "")) for e in root]
json.dump({"root": root.tag, "children": children}, sys.stdout)
`;

/** An XML reply as Python's parser reads it: the root's name and its children in order, each a text or named texts. */
export function parseXml(text: string): { root: string; children: [string, string | [string, string][]][] } {
  return JSON.parse(execFileSync('python3', ['-c', SCRIPT], { input: text, encoding: 'utf8' }));
}
