const ESC = '\u001b';

const MARKUP = [
  '<script>window.hacked=1</script>',
  '<img src=x onerror="window.hacked=1">',
  '<svg onload=window.hacked=1>',
  '<a href="javascript:window.hacked=1">x</a>',
  '<iframe srcdoc="<script>parent.hacked=1</script>">',
  '<style>*{display:none}</style>',
  '<base href="https://evil.example/">',
  '</span></div><form action=https://evil.example><input autofocus>',
  '<math><mtext></p><img src=x onerror=window.hacked=1>',
  '&lt;script&gt;window.hacked=1&lt;/script&gt;',
  '{{constructor.constructor("window.hacked=1")()}}',
  '<!-- --><object data=data:text/html,x>',
];
const ESCAPES = [
  `${ESC}]0;title\u0007`,
  `${ESC}]52;c;cm0gLXJm\u0007`,
  `${ESC}]8;;javascript:window.hacked=1${ESC}\\click${ESC}]8;;${ESC}\\`,
  `${ESC}]8;;https://evil.example${ESC}\\https://good.example${ESC}]8;;${ESC}\\`,
  `${ESC}]8;;unclosed`,
  `${ESC}[2J${ESC}[1;1H${ESC}[8mhidden${ESC}[28m`,
  `${ESC}[38;5;999m${ESC}[38;2;1;2m${ESC}[;;;;m`,
  `${ESC}[1;31;42;7;9;4;3mall${ESC}[0m`,
  `${ESC}P+q544e${ESC}\\`,
  `${ESC}_apc${ESC}\\${ESC}^pm${ESC}\\${ESC}Xsos${ESC}\\`,
  `${ESC}c${ESC}(0lqqk${ESC}(B`,
  '\u009b31mC1\u009c\u009dosc',
];
const CHARACTERS = [
  'user\u202egpj.exe\u202c',
  '\u2066\u2067\u2068isolates\u2069',
  'zero\u200bwidth\ufeff\u2060\u00ad',
  'bell\u0007 back\u0008 form\u000c vertical\u000b del\u007f',
  '10%\r50%\r100%',
  '\r\r\rreal text\rfake text',
  '\u{e0041}\u{e0042}tags',
  `Z${'\u0301'.repeat(200)}`,
  '\ud83d\ude00 emoji \u{1f468}\u200d\u{1f469}',
];
const ADDRESSES = [
  'javascript:window.hacked=1',
  'data:text/html,<script>window.hacked=1</script>',
  'https://bank.example@evil.example/',
  'https://example.com/"onmouseover="window.hacked=1',
  "https://example.com/'><script>window.hacked=1</script>",
  'HTTPS://EXAMPLE.COM/a',
  'file:///etc/passwd',
  'https://[::1]:8720/',
  'https://a:b@c',
  'vbscript:x',
  'https://example.com\u202e/moc.live',
];

/** Two hundred lines that try to be more than text, each with a number. */
export function hostileLines(): string[] {
  const kinds = [MARKUP, ESCAPES, CHARACTERS, ADDRESSES];
  const single = kinds.flat();
  const mixed = single.map((payload, index) => {
    const other = single[(index * 7 + 3) % single.length] ?? '';
    return `${ESC}[3${index % 8}m${payload}${other}${payload}`;
  });
  const inLinks = single.map((payload) => `https://example.com/${payload}`);
  const nested = single.map((payload) => `${ESC}]8;;${payload}${ESC}\\${payload}`);
  const long = single.slice(0, 20).map((payload) => payload.repeat(Math.floor(12_000 / payload.length)));
  const all = [...single, ...mixed, ...inLinks, ...nested, ...long];
  if (all.length < 190) throw new Error(`${all.length} lines are too few`);
  return all.map((payload, index) => `h${index} ${payload}`);
}
