import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatUnit, formatValue } from './number';

export interface TrendSeries {
  label: string;
  unit: string | null;
  /** Seconds since the epoch, ascending; a null value is a gap. */
  times: number[];
  values: (number | null)[];
}

interface TrendProps {
  series: TrendSeries[];
  zone: string;
  /** Seconds since the epoch. */
  from: number;
  to: number;
}

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colour = (index: number) => `--sf-trend-${(index % 6) + 1}`;

export function Trend({ series, zone, from, to }: TrendProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme();
  const shape = JSON.stringify(series.map(({ label, unit }) => [label, unit]));

  useEffect(() => {
    const target = box.current;
    if (!target) return;
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium' });
    const axis = {
      stroke: token('--sf-muted'),
      font: "12px 'Inter Variable'",
      grid: { stroke: token('--sf-line-soft'), width: 1 },
      ticks: { stroke: token('--sf-line-soft'), width: 1 },
    };
    const labels = JSON.parse(shape) as [string, string | null][];
    // what is measured in the same unit shares a scale; two of them fit beside the plot
    const units = [...new Set(labels.map(([, unit]) => unit ?? ''))];
    plot.current = new uPlot(
      {
        width: target.clientWidth || 600,
        height: target.clientHeight || 240,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
        legend: { show: false },
        cursor: { points: { size: 6 } },
        axes: [
          {
            ...axis,
            values: (_, splits) => splits.map((seconds) => clock.format(seconds * 1000)),
            space: 90,
          },
          ...units.slice(0, 2).map((unit, index) => ({
            ...axis,
            scale: `unit ${unit}`,
            side: (index === 0 ? 3 : 1) as uPlot.Axis.Side,
            grid: { ...axis.grid, show: index === 0 },
            size: 64,
            label: formatUnit(unit),
            labelSize: unit ? 18 : 0,
            labelFont: axis.font,
            values: (_: uPlot, splits: number[]) => splits.map(formatValue),
          })),
        ],
        series: [
          {},
          ...labels.map(([label, unit], index) => ({
            label,
            scale: `unit ${unit ?? ''}`,
            stroke: token(colour(index)),
            width: index === 0 ? 1.8 : 1.4,
            points: { show: false },
          })),
        ],
      },
      [[]],
      target,
    );
    const observer = new ResizeObserver(() =>
      plot.current?.setSize({ width: target.clientWidth, height: target.clientHeight }),
    );
    observer.observe(target);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [zone, scheme, shape]);

  useEffect(() => {
    if (!plot.current || series.length === 0) return;
    plot.current.setData(
      uPlot.join(series.map(({ times, values }) => [times, values] as uPlot.AlignedData)),
      true,
    );
    plot.current.setScale('x', { min: from, max: to });
  }, [series, from, to, scheme, shape, zone]);

  return (
    <>
      <div className="trend" ref={box} aria-hidden="true" />
      <div className="legend">
        {series.map(({ label, unit, values }, index) => (
          <span key={label} ref={(element) => element?.style.setProperty('--line', `var(${colour(index)})`)}>
            <code>{label}</code> {formatValue(values.findLast((value) => value !== null) ?? '–')}{' '}
            {formatUnit(unit)}
          </span>
        ))}
      </div>
    </>
  );
}
