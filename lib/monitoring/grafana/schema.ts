import type { GraphFieldConfig } from '@grafana/grafana-foundation-sdk/common';
import type {
  AnnotationQuery,
  Dashboard,
  FieldConfig,
  Panel,
  RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Options as TextOptions } from '@grafana/grafana-foundation-sdk/text';
import type { Options as TimeSeriesOptions } from '@grafana/grafana-foundation-sdk/timeseries';

/*
 * Grafana's own schema as types, so that nothing which Grafana doesn't know compiles. The package is needed for nothing else, and
 * what is built here is plain JSON.
 */

/** A type of the schema as JSON has it: words in place of enumerations. */
export type Json<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly (infer Part)[]
      ? readonly Json<Part>[]
      : { readonly [Key in keyof T]: Json<T[Key]> };

/** A query for Prometheus, without the method by which the package distinguishes queries. */
export type PromQuery = Json<Omit<Dataquery, '_implementsDataqueryVariant'>>;

type Configured<Options, Custom> = Omit<Json<Panel>, 'type' | 'options' | 'fieldConfig' | 'targets'> & {
  readonly options: Options;
  readonly targets?: readonly PromQuery[];
  readonly fieldConfig?: {
    readonly defaults: Omit<Json<FieldConfig>, 'custom'> & { readonly custom?: Custom };
    readonly overrides: readonly [];
  };
};

export type TimeSeriesPanel = Configured<Json<TimeSeriesOptions>, Json<GraphFieldConfig>> & {
  readonly type: 'timeseries';
};
export type TextPanel = Configured<Json<TextOptions>, never> & { readonly type: 'text' };
/** A row that is shut holds its panels; those of an open one stand below it. */
export type GrafanaRow = Omit<Json<RowPanel>, 'panels'> & { readonly panels: readonly TimeSeriesPanel[] };
export type GrafanaPanel = TimeSeriesPanel | TextPanel;

/** Marks on the time axis, of a query for Prometheus, which has fields of its own for their words. */
export type GrafanaAnnotation = Json<Omit<AnnotationQuery, 'target'>> & {
  readonly expr: string;
  readonly titleFormat: string;
  readonly textFormat?: string;
  readonly step: string;
};

export type GrafanaDashboard = Omit<Json<Dashboard>, 'panels' | 'annotations'> & {
  readonly panels: readonly (GrafanaPanel | GrafanaRow)[];
  readonly annotations: { readonly list: readonly GrafanaAnnotation[] };
};
