import { readFileSync } from 'node:fs';

/**
 * Draws a command's output as a terminal window in SVG, for the README: `./slipway build examples/hello | node
 * tools/pictures/terminal.ts '$ ./slipway build examples/hello' > docs/first-build.svg`
 */
const CHARACTER_WIDTH = 7.25;
const LINE_HEIGHT = 18;
const MARGIN = 18;
const BAR_HEIGHT = 30;
const LONGEST_LINE = 118;

const [, , command = '$'] = process.argv;
const lines = [command, ...readFileSync(0, 'utf8').trimEnd().split('\n')].map(shorten);
const width = Math.ceil(LONGEST_LINE * CHARACTER_WIDTH + 2 * MARGIN);
const height = BAR_HEIGHT + lines.length * LINE_HEIGHT + 2 * MARGIN;
const rows = lines.map((line, index) => row(line, BAR_HEIGHT + MARGIN + (index + 1) * LINE_HEIGHT - 5));

process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" role="img" aria-label="${xmlText(command)}">
<rect width="100%" height="100%" rx="8" fill="#11161d"/>
<circle cx="20" cy="16" r="5" fill="#3a4450"/><circle cx="38" cy="16" r="5" fill="#3a4450"/><circle cx="56" cy="16" r="5" fill="#3a4450"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="12" fill="#d7dde4" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`);

/** The number and stage of a log line are dimmed, as on a terminal. */
function row(line: string, y: number): string {
  const log = /^( *\d+ {2}[A-Z_]+ *)(.*)$/.exec(line);
  const text = log ? `<tspan fill="#7d8896">${xmlText(log[1] ?? '')}</tspan>${xmlText(log[2] ?? '')}` : xmlText(line);
  return `<text x="${MARGIN}" y="${y}">${text}</text>`;
}

function shorten(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line;
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
