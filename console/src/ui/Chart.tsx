/** One bar: what it represents, and its parts from the bottom up. */
export interface ChartBar {
  label: string;
  parts: { kind: string; value: number }[];
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

const HEIGHT = 64;
const BAR = 10;
const GAP = 2;

/** Stacked bars over time, drawn as one small SVG; a table has its figures for screen readers. */
export function Chart({ name, bars, least = 0, format }: ChartProps) {
  const highest = Math.max(0, ...bars.map(total));
  const top = Math.max(least, highest);
  const width = bars.length * (BAR + GAP);
  return (
    <figure className="chart">
      <figcaption>
        {name} <span className="quiet">{highest > 0 ? `up to ${format(highest)}` : 'none'}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={describe(name, bars, format)}
      >
        {bars.map((bar, index) => (
          <Bar key={bar.label} bar={bar} x={index * (BAR + GAP)} highest={top} format={format} />
        ))}
        <line x1="0" x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="chart-ground" />
      </svg>
      <div className="chart-ends">
        <span>{bars[0]?.label}</span>
        <span>{bars.at(-1)?.label}</span>
      </div>
    </figure>
  );
}

interface BarProps {
  bar: ChartBar;
  x: number;
  highest: number;
  format(value: number): string;
}

function Bar({ bar, x, highest, format }: BarProps) {
  let below = 0;
  return (
    <g>
      <title>{`${bar.label}: ${format(total(bar))}`}</title>
      <rect x={x} y={0} width={BAR} height={HEIGHT} className="chart-column" />
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

function describe(name: string, bars: readonly ChartBar[], format: (value: number) => string): string {
  const told = bars.filter((bar) => total(bar) > 0).map((bar) => `${bar.label}: ${format(total(bar))}`);
  return `${name}. ${told.length === 0 ? 'No builds in this period.' : told.join('; ')}`;
}
