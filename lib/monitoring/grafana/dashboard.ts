import { runbookOf, USERS_ARE_HURT } from '../../signals/alarm-text.ts';
import type { DashboardName } from '../../signals/cloudwatch/cloud.ts';
import { intervalOf, type MonitoringFile, type MonitoringOptions, RECORDED } from '../monitoring.ts';
import { alerts } from '../rules.ts';
import { DATASOURCE, type Graph, graph, graphsBeside, graphsOf } from './panels.ts';
import type {
  GrafanaAnnotation,
  GrafanaDashboard,
  GrafanaPanel,
  GrafanaRow,
  TextPanel,
  TimeSeriesPanel,
} from './schema.ts';

/** Two graphs side by side in Grafana's grid of 24. */
const COLUMNS = 24;
const WIDTH = 12;
const HEIGHT = 8;

/** A row, and what it holds. */
interface Section {
  readonly title: string;
  readonly graphs: readonly Graph[];
  readonly collapsed: boolean;
}

const ROWS: readonly (readonly [name: DashboardName, title: string])[] = [
  ['service', 'What users feel'],
  ['resources', 'What it costs the system'],
  ['load-test', 'What a load test asks of it'],
];

const stepQuantile = (share: number): string =>
  `histogram_quantile(${share}, sum by (scenario, step, le) (rate(plimsoll_response_seconds_bucket[$__rate_interval])))`;

/** What Plimsoll measures of its requests, step by step: the signals say nothing of steps. */
function ofSteps(options: MonitoringOptions): Graph[] {
  const interval = intervalOf(options);
  const requests = 'rate(plimsoll_requests_total[$__rate_interval])';
  return [
    ...[0.5, 0.95, 0.99].map((share) =>
      graph(
        {
          title: `Response time by step, p${share * 100}`,
          unit: 's',
          lines: [{ expr: stepQuantile(share), legend: '{{scenario}}: {{step}}' }],
        },
        interval,
      ),
    ),
    graph(
      {
        title: 'Requests by outcome',
        unit: 'ops',
        lines: [{ expr: `sum by (outcome) (${requests})`, legend: '{{outcome}}' }],
      },
      interval,
    ),
  ];
}

/** Alarms that are on now, and since when, as lines that are there or not; below them where to read what to do. */
function overview(options: MonitoringOptions): {
  readonly firing: Graph;
  readonly runbooks: Omit<TextPanel, 'id' | 'gridPos'>;
} {
  const ids = [USERS_ARE_HURT.id, ...alerts(options).map(({ alert }) => alert)];
  const links = ids.map((id) => `[${id}](${runbookOf(id, options.runbooks)})`);
  return {
    firing: graph(
      {
        title: 'Alarms that are on',
        unit: 'short',
        lines: [
          {
            expr: 'sum by (alertname, severity) (ALERTS{alertstate="firing", severity=~"page|felt|notice"})',
            legend: '{{alertname}} ({{severity}})',
          },
        ],
      },
      intervalOf(options),
    ),
    runbooks: {
      type: 'text',
      title: 'Runbooks',
      options: { mode: 'markdown', content: links.join(' · ') },
    },
  };
}

/** Graphs from left to right, from a line of the grid on. */
const laid = (graphs: readonly Graph[], top: number, firstId: number): TimeSeriesPanel[] =>
  graphs.map((each, at) => ({
    ...each,
    id: firstId + at,
    gridPos: { x: (at * WIDTH) % COLUMNS, y: top + Math.floor((at * WIDTH) / COLUMNS) * HEIGHT, w: WIDTH, h: HEIGHT },
  }));

/** The rows one below the other; a shut one takes a line, whatever it holds. */
function placed(sections: readonly Section[], top: number, firstId: number): (GrafanaPanel | GrafanaRow)[] {
  let y = top;
  let id = firstId;
  return sections.flatMap(({ title, graphs, collapsed }) => {
    const panels = laid(graphs, y + 1, id + 1);
    const gridPos = { x: 0, y, w: COLUMNS, h: 1 };
    const row: GrafanaRow = { type: 'row', title, collapsed, id, gridPos, panels: collapsed ? panels : [] };
    y += 1 + (collapsed ? 0 : Math.ceil((graphs.length * WIDTH) / COLUMNS) * HEIGHT);
    id += 1 + graphs.length;
    return collapsed ? [row] : [row, ...panels];
  });
}

/** What CloudWatch's dashboards show, and shut below it what only some systems export. */
const sectionsOf = (options: MonitoringOptions): Section[] => [
  ...ROWS.map(([name, title]) => ({
    title,
    graphs: [...graphsOf(name, options), ...(name === 'load-test' ? ofSteps(options) : [])],
    collapsed: false,
  })),
  ...Array.from(graphsBeside(options), ([subject, graphs]) => ({
    title: `More: ${subject}`,
    graphs,
    collapsed: true,
  })),
];

/** Alarms, and phases of a load test, where they begin on the time axis. */
const marks = (options: MonitoringOptions): GrafanaAnnotation[] =>
  [
    {
      name: 'Phases of a load test',
      iconColor: 'blue',
      expr: 'plimsoll_run_info',
      titleFormat: '{{plan}}',
      textFormat: '{{phase}}',
    },
    {
      name: 'Users are hurt',
      iconColor: 'red',
      expr: `ALERTS{alertstate="firing", alertname="${USERS_ARE_HURT.id}"}`,
      titleFormat: '{{alertname}}',
      textFormat: '',
    },
  ].map((each) => ({ enable: true, datasource: DATASOURCE, step: intervalOf(options), ...each }));

const VARIABLES: NonNullable<GrafanaDashboard['templating']['list']> = [
  { type: 'datasource', name: 'datasource', label: 'Data source', query: 'prometheus' },
  {
    type: 'query',
    name: 'job',
    label: 'Job',
    datasource: DATASOURCE,
    query: `label_values(${RECORDED}, job)`,
    refresh: 2,
    multi: true,
    includeAll: true,
    // Readings that Plimsoll pushes, and those of kube-state-metrics, have no job of the service's.
    allValue: '.*',
  },
];

/** Generated as a value, so that tests can hold every part of it. */
export function grafanaDashboard(options: MonitoringOptions): GrafanaDashboard {
  const { firing, runbooks } = overview(options);
  return {
    uid: 'plimsoll',
    title: 'Plimsoll',
    description: `Written by plimsoll monitoring. It draws what its rules record as ${RECORDED}.`,
    tags: ['plimsoll'],
    schemaVersion: 42,
    editable: true,
    graphTooltip: 1,
    time: { from: 'now-1h', to: 'now' },
    refresh: '30s',
    templating: { list: VARIABLES },
    annotations: { list: marks(options) },
    panels: [
      { ...firing, id: 1, gridPos: { x: 0, y: 0, w: WIDTH, h: HEIGHT } },
      { ...runbooks, id: 2, gridPos: { x: WIDTH, y: 0, w: WIDTH, h: HEIGHT } },
      ...placed(sectionsOf(options), HEIGHT, 3),
    ],
  };
}

export const dashboard: MonitoringFile = {
  fileName: 'grafana-dashboard.json',
  write: (options) => `${JSON.stringify(grafanaDashboard(options), null, 2)}\n`,
};
