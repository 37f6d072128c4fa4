import type { SignalUnit } from '../../../signals/signal.ts';
import type { Content } from './markup.ts';

/** A line of a chart. `tone` names a colour of the page's style sheet; `values` stand at the chart's `xs`. */
export interface Series {
  readonly label: string;
  readonly tone: string;
  readonly dashed?: true;
  readonly values: readonly (number | null)[];
}

/** Everything that a chart shows, for the drawing in the page as well as for the script that makes it live. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly note: Content;
  readonly unit: SignalUnit;
  readonly xs: readonly number[];
  readonly series: readonly Series[];
  /** On a logarithmic axis; undefined where only a linear one makes sense. */
  readonly log?: boolean;
  readonly limit?: number;
  /** `low` is less high; `small` is a small multiple, with fewer ticks and no names of phases. */
  readonly size: 'large' | 'low' | 'small';
  /** Whose signal it is: `database`. */
  readonly resource?: string;
}
