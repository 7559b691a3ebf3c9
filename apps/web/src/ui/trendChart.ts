import { LineChart, type LineSeriesOption } from 'echarts/charts';
import { GridComponent, type GridComponentOption } from 'echarts/components';
import { init, use, type ComposeOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Series } from './TrendLine.tsx';

use([LineChart, GridComponent, SVGRenderer]);
type Option = ComposeOption<LineSeriesOption | GridComponentOption>;

const shapes = ['circle', 'rect', 'triangle'] as const;
const dashes = ['solid', 'dashed', 'dotted'] as const;

/**
 * Draws lines into an element as SVG. Lines differ by dash and mark as well as colour, and carry their name at the end
 * instead of a legend. Redraws when the element's width or the brightness changes.
 * @returns takes the chart away again
 */
export function drawTrend(element: HTMLElement, data: { months: readonly string[]; series: readonly Series[]; unit: string; max: number | undefined }): () => void {
  const chart = init(element, null, { renderer: 'svg' });
  const option = (): Option => {
    const style = getComputedStyle(element);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const ink = { color: colour('--ink-soft'), fontFamily: style.fontFamily, fontSize: 13 };
    return {
      animation: false,
      textStyle: ink,
      grid: { left: 8, right: 88, top: 16, bottom: 8, outerBoundsMode: 'same' },
      xAxis: {
        type: 'category', data: [...data.months], boundaryGap: false, axisTick: { show: false },
        axisLine: { lineStyle: { color: colour('--line-control') } }, axisLabel: { ...ink, hideOverlap: true, margin: 12, alignMinLabel: 'left', alignMaxLabel: 'right' },
      },
      yAxis: {
        type: 'value', min: 0, minInterval: 1, ...(data.max === undefined ? {} : { max: data.max, interval: data.max / 4 }), splitNumber: 4,
        splitLine: { lineStyle: { color: colour('--line') } }, axisLabel: { ...ink, formatter: `{value}${data.unit}` },
      },
      series: data.series.map((line, i) => {
        const tone = colour(`--series-${(i % 3) + 1}`);
        return {
          type: 'line', name: line.name, data: [...line.values], connectNulls: false, silent: true, clip: false,
          symbol: shapes[i % shapes.length] ?? 'circle', symbolSize: i === 0 ? 7 : 5,
          lineStyle: { color: tone, width: i === 0 ? 3 : 2, type: dashes[i % dashes.length] ?? 'solid' }, itemStyle: { color: tone },
          endLabel: { show: true, formatter: '{a}', color: tone, fontFamily: style.fontFamily, fontSize: 13, width: 84, overflow: 'break' },
        };
      }),
    };
  };
  // With a view box the picture can be scaled to the width of the paper, which no script hears of in time.
  const frame = () => element.querySelector('svg')?.setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
  chart.setOption(option());
  frame();
  const sizes = new ResizeObserver(() => {
    chart.resize();
    frame();
  });
  sizes.observe(element);
  const looks = new MutationObserver(() => chart.setOption(option()));
  looks.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
  return () => {
    sizes.disconnect();
    looks.disconnect();
    chart.dispose();
  };
}
