import { collectorUrl, integer, oneOf, setting } from './setting-kinds.ts';

/** The settings of what tells operators about a server. */
export const WATCH_SETTINGS = {
  'log-level': setting<'error' | 'warn' | 'info' | 'debug' | undefined>(
    oneOf('error', 'warn', 'info', 'debug'),
    undefined,
    'Least important lines of the server’s own log. If not set: info, and warn for a server that a command started.',
  ),
  'log-format': setting(oneOf('text', 'json'), 'text', 'How the lines of the server’s own log are written.'),
  'otlp-url': setting<string | undefined>(
    collectorUrl,
    undefined,
    'Where to send traces of builds and requests (OTLP over HTTP), without /v1/traces. If not set, there are no traces.',
  ),
  'trace-requests-percent': setting(
    integer(0, 100),
    '100',
    'How many of 100 requests to trace, if the caller’s own trace does not decide.',
  ),
} as const;
