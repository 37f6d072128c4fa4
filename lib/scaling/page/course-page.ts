import { formatNumber, formatUs } from '../../units.ts';
import type { ServiceModel } from '../service-model.ts';
import { describeSimulation } from '../simulate/describe.ts';
import type { Simulation } from '../simulate/simulation.ts';
import type { Traffic } from '../traffic/traffic.ts';
import type { RuleFinding } from '../../analysis/scaling/history.ts';
import { escaped, type Plot, plotSvg, type PlotTicks } from './plot.ts';

/** More points than pixels show nothing more. */
const MOST_POINTS = 960;

type Pick = (a: number, b: number) => number;

/** One value of each span: the highest, or of what there must be enough of the lowest, so that nothing bad is hidden. */
function thinned(values: Float64Array, pick: Pick = Math.max): number[] {
  const span = Math.max(1, Math.ceil(values.length / MOST_POINTS));
  return Array.from({ length: Math.ceil(values.length / span) }, (_, at) =>
    values.subarray(at * span, (at + 1) * span).reduce((picked, value) => pick(picked, value)),
  );
}

const TICKS = 7;

function ticksOf({ startMs, minutes }: Simulation): PlotTicks {
  const spanMs = minutes.perSecond.length * 60_000;
  return Array.from({ length: TICKS }, (_, at) => {
    const part = (at + 0.5) / TICKS;
    const text = new Date(startMs + part * spanMs).toISOString();
    return [part, spanMs > 3 * 86_400_000 ? text.slice(5, 10) : text.slice(11, 16)] as const;
  });
}

const rate = (value: number): string => `${formatNumber(value)}/s`;

function plotsOf({ minutes }: Simulation, { capacityPerSecond, limitUs }: ServiceModel): Plot[] {
  const [blue, grey, green, red] = ['#1f6feb', '#8b949e', '#2da44e', '#cf222e'];
  return [
    {
      title: 'Load, and what the running tasks carry with their objectives held',
      lines: [
        {
          name: 'carried by the tasks',
          values: thinned(minutes.running, Math.min).map((tasks) => tasks * capacityPerSecond),
          color: green,
        },
        { name: 'load', values: thinned(minutes.perSecond), color: blue },
      ],
      shown: rate,
    },
    {
      title: 'Tasks',
      lines: [
        { name: 'asked for', values: thinned(minutes.desired), color: grey },
        { name: 'running', values: thinned(minutes.running, Math.min), color: green },
      ],
      shown: formatNumber,
    },
    {
      title: 'Response time, and the objective',
      lines: [{ name: 'worst of each span', values: thinned(minutes.responseUs), color: red }],
      limit: limitUs,
      shown: formatUs,
    },
  ];
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}
pre{white-space:pre-wrap;background:#f6f8fa;padding:1rem;overflow:auto}figure{margin:1.5rem 0}figcaption span{margin-left:1rem}
figcaption i{display:inline-block;width:.8rem;height:.2rem;vertical-align:middle;margin-right:.3rem}
svg{width:100%;height:auto}svg line{stroke:#d0d7de}svg .limit{stroke:#cf222e;stroke-dasharray:6 4}
svg path{fill:none;stroke-width:1.5}svg text{font-size:11px;fill:#57606a}
table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .8rem;border-bottom:1px solid #d0d7de}`;

/** What was simulated as one HTML file, which loads nothing: three charts over one axis of time, the figures, and what the rules say. */
export function coursePage(
  course: Simulation,
  {
    traffic,
    model,
    findings,
  }: { traffic: Traffic; model: ServiceModel; findings: Readonly<Record<string, RuleFinding>> },
): string {
  const ticks = ticksOf(course);
  const rows = Object.entries(findings)
    .map(
      ([rule, { verdict, evidence }]) =>
        `<tr><td>${verdict}</td><td>${escaped(rule)}</td><td>${escaped(evidence)}</td></tr>`,
    )
    .join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Simulation: ${escaped(traffic.name)}</title><style>${STYLE}</style></head>
<body><h1>Simulation: ${escaped(traffic.name)}</h1>
${plotsOf(course, model)
  .map((plot) => plotSvg(plot, ticks))
  .join('\n')}
<h2>Figures</h2><pre>${escaped(describeSimulation(course, traffic, model))}</pre>
<h2>What scaling did, rule by rule</h2><table><tr><th>verdict</th><th>rule</th><th>evidence</th></tr>${rows}</table>
</body></html>
`;
}
