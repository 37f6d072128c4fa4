import type { SignalUnit } from '../../../signals/signal.ts';
import { isPresent, type Figure } from '../../numbers.ts';

/** A line of a chart. `tone` names a colour of the page's style sheet; `values` stand at the chart's `xs`. */
export interface Series {
  readonly label: string;
  readonly tone: string;
  readonly dashed?: true;
  readonly values: readonly (number | null)[];
}

/** Everything that a chart shows, as plain data: for a drawing on paper as well as for a script that makes it live. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** The note says that a limit was crossed. */
  readonly crossed?: true;
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

/** Four digits are finer than a pixel, and a third of a double's length. */
export const rounded = (value: Figure): number | null => (isPresent(value) ? Number(value.toPrecision(4)) : null);
