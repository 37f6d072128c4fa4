import type { StepInput } from '../../plan/steps/index.ts';
import type { Notes } from '../building/notes.ts';
import type { JmeterTexts } from './texts.ts';
import type { TestElement } from './tree.ts';

/** Think time before a sampler, in ms: `least` to `most`, and on top one by an exponential distribution. */
interface Think {
  readonly least: number;
  readonly most: number;
  readonly mean: number;
}

const NONE: Think = { least: 0, most: 0, mean: 0 };

export const isTimer = ({ kind }: TestElement): boolean => kind.endsWith('Timer');

/** The pause of all timers in whose scope a sampler is: they add up. */
export function pauseOf(
  timers: readonly TestElement[],
  threads: number,
  texts: JmeterTexts,
  notes: Notes,
): StepInput[] {
  const all = timers.map((timer) => thinkOf(timer, threads, texts, notes));
  const [least, most, mean] = (['least', 'most', 'mean'] as const).map((key) =>
    all.reduce((sum, think) => sum + think[key], 0),
  ) as [number, number, number];
  if (most + mean < 1) return [];
  if (mean > 0 && most < 1) return [{ pause: { mean: spanOfMs(mean) } }];
  return [
    {
      pause: least === most && mean === 0 ? spanOfMs(least) : { min: spanOfMs(least), max: spanOfMs(most + 2 * mean) },
    },
  ];
}

/** As a plan has it. */
export const spanOfMs = (ms: number): string =>
  ms >= 1000 && Math.round(ms) % 1000 === 0 ? `${Math.round(ms) / 1000}s` : `${Math.max(0, Math.round(ms))}ms`;

/** Longer ones are slips. */
const LONGEST_MS = 24 * 3600e3;

function thinkOf({ kind, node, line, name }: TestElement, threads: number, texts: JmeterTexts, notes: Notes): Think {
  const number = (key: string): number => Math.min(LONGEST_MS, Math.max(0, texts.number(node.value(key)) ?? 0));
  const [delay, range] = [number('ConstantTimer.delay'), number('RandomTimer.range')];
  if (kind === 'ConstantTimer') return { ...NONE, least: delay, most: delay };
  if (kind === 'UniformRandomTimer') return { ...NONE, least: delay, most: delay + range };
  if (kind === 'PoissonRandomTimer') return { least: delay, most: delay, mean: range };
  if (kind === 'GaussianRandomTimer') {
    notes.changed(line, `the timer ${name} is evenly spread within two deviations`);
    return { ...NONE, least: Math.max(0, delay - 2 * range), most: delay + 2 * range };
  }
  const perMinute = /Throughput/.test(kind)
    ? number('throughput') * (kind.startsWith('Precise') ? 60 / (number('throughputPeriod') || 1) : 1)
    : 0;
  if (perMinute > 0) {
    const isOwn = kind === 'ConstantThroughputTimer' && /^0?$/.test(node.value('calcMode'));
    const ms = Math.min(LONGEST_MS, ((isOwn ? 1 : threads) * 60_000) / perMinute);
    notes.changed(
      line,
      `the timer ${name} is a pause that does not shrink by what a request takes; a phase with open: { rate } holds a rate`,
    );
    return { ...NONE, least: ms, most: ms };
  }
  notes.leftOut(line, `the timer ${name}`);
  return NONE;
}
