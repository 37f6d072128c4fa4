import { alarmCondition, runbookOf } from '../../signals/alarm-text.ts';
import type { DashboardName } from '../../signals/cloudwatch/cloud.ts';
import { expressionOf } from '../../signals/prometheus/expression.ts';
import { limitValue } from '../../signals/shown.ts';
import type { Signal, SignalUnit } from '../../signals/signal.ts';
import { intervalOf, type MonitoringOptions, RECORDED, scopeOf, wordForReadings } from '../monitoring.ts';
import type { PromQuery, TimeSeriesPanel } from './schema.ts';

/** The data source that the dashboard's variable names. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** A panel before it has its place. */
export type Graph = Omit<TimeSeriesPanel, 'id' | 'gridPos'>;

/** Grafana's names of the signals' own units. Source: Grafana's list of units, @grafana/data valueFormats. */
const UNITS: Readonly<Record<SignalUnit, string>> = {
  ratio: 'percentunit',
  us: 'µs',
  bytes: 'bytes',
  perSecond: 'ops',
  count: 'short',
  moment: 's',
};

interface Line {
  readonly expr: string;
  readonly legend: string;
}

export interface GraphOf {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
  readonly description?: string;
  /** Drawn as lines across the graph. */
  readonly limits?: readonly number[];
  readonly links?: NonNullable<Graph['links']>;
}

export const graph = ({ title, unit, lines, limits = [], ...rest }: GraphOf, interval: string): Graph => ({
  type: 'timeseries',
  title,
  ...rest,
  datasource: DATASOURCE,
  interval,
  targets: lines.map(({ expr, legend }, at): PromQuery => ({
    refId: String.fromCodePoint(65 + at),
    datasource: DATASOURCE,
    expr,
    legendFormat: legend,
    range: true,
    editorMode: 'code',
  })),
  options: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: ['lastNotNull', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  fieldConfig: {
    defaults: {
      unit,
      min: 0,
      thresholds: {
        mode: 'absolute',
        steps: [{ value: null, color: 'transparent' }, ...limits.map((value) => ({ value, color: 'red' }))],
      },
      custom: {
        drawStyle: 'line',
        lineWidth: 1,
        fillOpacity: 10,
        showPoints: 'auto',
        thresholdsStyle: { mode: limits.length === 0 ? 'off' : 'dashed' },
      },
    },
    overrides: [],
  },
});

/** Signals that an exporter knows; the others have no graph, since it would be empty everywhere. */
const known = (options: MonitoringOptions): Signal[] =>
  options.signals.filter((signal) => expressionOf(signal, scopeOf(options)) !== undefined);

/** The graphs of one dashboard of CloudWatch. */
export function graphsOf(name: DashboardName, options: MonitoringOptions): Graph[] {
  const drawn = known(options).filter(({ cloud }) => cloud?.drawn.on === name);
  const byGraph = Map.groupBy(drawn, ({ cloud }) => cloud?.drawn.graph ?? '');
  return Array.from(byGraph, ([title, together]) => graphOf(title, together, options));
}

/** Graphs of what CloudWatch doesn't know, by the first word of the signals' ids: each system exports only some of it. Moments have no course. */
export function graphsBeside(options: MonitoringOptions): Map<string, Graph[]> {
  const bySubject = Map.groupBy(
    known(options).filter(({ cloud, unit }) => cloud === undefined && unit !== 'moment'),
    ({ id }) => id.split('.')[0] ?? '',
  );
  return new Map(
    Array.from(bySubject, ([subject, its]) => [subject, its.map((signal) => graphOf(signal.title, [signal], options))]),
  );
}

function graphOf(title: string, drawn: readonly Signal[], options: MonitoringOptions): Graph {
  const alarmed = drawn.flatMap((signal) =>
    signal.cloud?.alarm === undefined ? [] : [{ signal, alarm: signal.cloud.alarm }],
  );
  const limits = drawn.flatMap(({ cloud, limit }) => cloud?.alarm?.limit ?? limit ?? []).map(limitValue);
  return graph(
    {
      title,
      unit: UNITS[drawn[0]?.unit ?? 'count'],
      lines: drawn.map(({ id, title: legend }) => ({
        expr: `${RECORDED}{signal="${id}", job=~"$job"}`,
        legend: `${legend} {{job}} {{instance}} {{deployment}} {{container}} {{phase}}`,
      })),
      limits: [...new Set(limits)].toSorted((a, b) => a - b),
      ...(alarmed.length > 0 && {
        description: alarmed
          .map(
            ({ signal, alarm }) =>
              `${alarm.id}: ${alarmCondition(signal, alarm, wordForReadings(options))} ${alarm.meaning}`,
          )
          .join('\n\n'),
        links: alarmed.map(({ alarm }) => runbookLink(alarm.id, options)),
      }),
    },
    intervalOf(options),
  );
}

const runbookLink = (id: string, { runbooks }: MonitoringOptions): NonNullable<Graph['links']>[number] => ({
  type: 'link',
  title: `Runbook ${id}`,
  url: runbookOf(id, runbooks),
  icon: 'doc',
  tooltip: '',
  tags: [],
  asDropdown: false,
  targetBlank: true,
  includeVars: false,
  keepTime: false,
});
