import type { GrafanaDashboard, GrafanaPanel, TimeSeriesPanel } from '../../../lib/monitoring/grafana/schema.ts';

/** All graphs of a dashboard, those of rows that are shut among them. */
export const graphsIn = ({ panels }: GrafanaDashboard): TimeSeriesPanel[] =>
  panels
    .flatMap((panel): readonly GrafanaPanel[] => (panel.type === 'row' ? panel.panels : [panel]))
    .filter((panel): panel is TimeSeriesPanel => panel.type === 'timeseries');
