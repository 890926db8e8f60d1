import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import http from 'highlight.js/lib/languages/http';
import ini from 'highlight.js/lib/languages/ini';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import nginx from 'highlight.js/lib/languages/nginx';
import python from 'highlight.js/lib/languages/python';
import yaml from 'highlight.js/lib/languages/yaml';
import { escapeHtml } from './escape-html.ts';

const LANGUAGES = { bash, dockerfile, http, ini, javascript, json, nginx, python, yaml };
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

/** What an indented block is, which cannot name its language. */
const GUESSES: readonly (readonly [RegExp, string])[] = [
  [/^(FROM|RUN|COPY) /m, 'dockerfile'],
  [/^(GET|POST|PUT|DELETE) \//, 'http'],
  [/^(sudo |[A-Z_]+=\S+ )*(\.\/)?(slipway|docker|curl|git|source|cosign) /m, 'bash'],
  [/^\s*[{[]/, 'json'],
];

/** A code block as HTML, with classes for its colours. */
export function highlight(text: string, named: string | undefined): string {
  // Words after the language are notes for the test that runs the block.
  const language = named?.split(' ')[0] || GUESSES.find(([pattern]) => pattern.test(text))?.[1];
  const known = language !== undefined && hljs.getLanguage(language) !== undefined;
  const inner = known ? hljs.highlight(text, { language }).value : escapeHtml(text);
  return `<div class="code"><pre tabindex="0"><code>${inner}</code></pre></div>\n`;
}
