import type { SpanContext } from '@opentelemetry/api';
import type { SpanData } from './build-spans.ts';

/** The parent, in another program, of a span. */
export interface SpanParent {
  readonly context: SpanContext;
  readonly isSampled: boolean;
}

/** Sends spans in batches. Drops those that the receiver does not accept in time. */
export interface SpanSink {
  send(span: SpanData, options?: { parent: SpanParent | undefined; isRequest: boolean }): void;
  /** Reads a `traceparent` header (https://www.w3.org/TR/trace-context/). Undefined if it is absent or invalid. */
  parentOf(header: string | string[] | undefined): SpanParent | undefined;
  close(): Promise<void>;
}

const CLOSE_MS = 2_000;
const EXPORT_MS = 10_000;

/** Opens a sink. The OpenTelemetry packages are imported only here, so that they use no memory without tracing. */
export async function openSpanSink(options: {
  url: string;
  version: string;
  instanceId: string;
  report: (message: string, error: unknown) => void;
}): Promise<SpanSink> {
  const [api, { parseTraceParent }, { resourceFromAttributes }, { TracerProvider, BatchSpanProcessor }, otlp] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/core'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
    ]);
  const complain = (message: string, ...details: unknown[]) => options.report(`traces: ${message}`, details[0]);
  const silent = () => undefined;
  api.diag.setLogger({ error: complain, warn: complain, info: silent, debug: silent, verbose: silent });
  const exporter = new otlp.OTLPTraceExporter({
    url: `${options.url.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_MS,
  });
  const processor = new BatchSpanProcessor({ exporter });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'slipway',
      'service.version': options.version,
      'service.instance.id': options.instanceId,
    }),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('slipway', options.version);

  const send = (data: SpanData, context = api.ROOT_CONTEXT, kind = api.SpanKind.INTERNAL): void => {
    const { name, startMs, endMs, attributes, failure, children } = data;
    const span = tracer.startSpan(name, { kind, startTime: startMs, attributes }, context);
    if (failure !== undefined) span.setStatus({ code: api.SpanStatusCode.ERROR, message: failure });
    for (const child of children) send(child, api.trace.setSpan(context, span));
    span.end(endMs);
  };
  return {
    send: (data, { parent, isRequest } = { parent: undefined, isRequest: false }) => {
      const context = parent && api.trace.setSpanContext(api.ROOT_CONTEXT, parent.context);
      send(data, context, isRequest ? api.SpanKind.SERVER : api.SpanKind.INTERNAL);
    },
    parentOf: (header) => {
      const context = typeof header === 'string' ? parseTraceParent(header) : null;
      if (context === null) return undefined;
      const isSampled = (context.traceFlags & api.TraceFlags.SAMPLED) !== 0;
      return { context: { ...context, isRemote: true }, isSampled };
    },
    close: async () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          complain('the receiver did not answer, and the last spans are lost');
          resolve();
        }, CLOSE_MS);
      });
      await Promise.race([
        provider.shutdown().catch((error: unknown) => complain('the last spans are lost', error)),
        late,
      ]);
      clearTimeout(timer);
    },
  };
}
