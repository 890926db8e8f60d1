import { type KeyboardEvent, useState } from 'react';

/** One bar: what it represents, and its parts from the bottom up. */
export interface ChartBar {
  label: string;
  parts: { kind: string; value: number; word?: string }[];
}

interface ChartProps {
  /** Describes the chart for screen readers. */
  name: string;
  bars: readonly ChartBar[];
  /** The top of the scale is at least this, so that tiny values look tiny. */
  least?: number;
  /** Formats a value for the scale and for the label of a bar. */
  format(value: number): string;
}

const HEIGHT = 72;
const BAR = 10;
const GAP = 2;
/** About this many bars between two labels of the time axis. */
const LABELS = 3;

/**
 * Stacked bars over time as one small SVG, with a scale and dates. The bar below the pointer, or the one chosen with the arrow
 * keys, tells its values; the chart's name has all of them for screen readers.
 */
export function Chart({ name, bars, least = 0, format }: ChartProps) {
  const [chosen, setChosen] = useState<number>();
  const highest = Math.max(0, ...bars.map(total));
  const top = Math.max(least, highest);
  const width = bars.length * (BAR + GAP);
  const bar = chosen === undefined ? undefined : bars[chosen];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    setChosen((at = bars.length) => Math.min(bars.length - 1, Math.max(0, at + step)));
  };
  return (
    <figure className="chart">
      <figcaption>
        {name}{' '}
        <span className="quiet" aria-live="polite">
          {bar ? `${bar.label}: ${told(bar, format)}` : highest > 0 ? '' : 'none'}
        </span>
      </figcaption>
      <div className="chart-body">
        <div className="chart-scale" aria-hidden="true">
          <span>{highest > 0 ? format(top) : ''}</span>
          <span>0</span>
        </div>
        <svg
          viewBox={`0 0 ${width} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys choose a bar, as the pointer does.
          tabIndex={0}
          aria-label={describe(name, bars, format)}
          onKeyDown={onKeyDown}
          onBlur={() => setChosen(undefined)}
          onPointerLeave={() => setChosen(undefined)}
        >
          {bars.map((each, index) => (
            <Bar
              key={each.label}
              bar={each}
              x={index * (BAR + GAP)}
              highest={top}
              isChosen={index === chosen}
              onPoint={() => setChosen(index)}
            />
          ))}
          <line x1="0" x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="chart-ground" />
        </svg>
        <div className="chart-ends" aria-hidden="true">
          {Array.from({ length: LABELS }, (_, at) => Math.round((at * (bars.length - 1)) / (LABELS - 1))).map((at) => (
            <span key={at}>{bars[at]?.label}</span>
          ))}
        </div>
      </div>
    </figure>
  );
}

interface BarProps {
  bar: ChartBar;
  x: number;
  highest: number;
  isChosen: boolean;
  onPoint(): void;
}

function Bar({ bar, x, highest, isChosen, onPoint }: BarProps) {
  let below = 0;
  return (
    <g className={isChosen ? 'chosen' : undefined} onPointerEnter={onPoint}>
      <rect x={x - GAP / 2} y={0} width={BAR + GAP} height={HEIGHT} className="chart-column" />
      {bar.parts.map(({ kind, value }) => {
        const height = highest === 0 ? 0 : (value / highest) * (HEIGHT - 4);
        below += height;
        return <rect key={kind} x={x} y={HEIGHT - below} width={BAR} height={height} className={`chart-${kind}`} />;
      })}
    </g>
  );
}

function total(bar: ChartBar): number {
  return bar.parts.reduce((sum, { value }) => sum + value, 0);
}

/** `3 succeeded, 1 failed`, or just the value of a bar with one part. */
function told({ parts }: ChartBar, format: (value: number) => string): string {
  const present = parts.filter(({ value }) => value > 0);
  if (present.length === 0) return 'none';
  return present.map(({ value, word }) => `${format(value)}${word === undefined ? '' : ` ${word}`}`).join(', ');
}

function describe(name: string, bars: readonly ChartBar[], format: (value: number) => string): string {
  const all = bars.filter((bar) => total(bar) > 0).map((bar) => `${bar.label}: ${format(total(bar))}`);
  return `${name}. ${all.length === 0 ? 'No builds in this period.' : all.join('; ')}`;
}
