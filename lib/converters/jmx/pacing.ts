import type { Notes } from '../building/notes.ts';
import type { JmeterTexts } from './texts.ts';
import type { TestElement } from './tree.ts';

/** How often each user of a thread group begins a journey, and the timer that says so. */
export interface Pacing {
  readonly timer: TestElement;
  /** From the beginning of one journey to that of the next, in ms. */
  readonly everyMs: number;
}

/** Longer ones are slips. */
const LONGEST_MS = 24 * 3600e3;

/**
 * A Constant Throughput Timer in whose scope all samplers of the only thread group are, as the pacing of its users; `outer` is what
 * stands beside the group. Undefined where there is no such timer, or where journeys differ in how many requests they make.
 */
export function pacingOf(
  group: TestElement,
  outer: readonly TestElement[],
  threads: number,
  texts: JmeterTexts,
): Pacing | undefined {
  const [timer, ...others] = [...outer, ...group.children].filter(({ kind }) => kind === 'ConstantThroughputTimer');
  const requests = samplersIn(group.children, texts);
  if (timer === undefined || others.length > 0 || requests === undefined || requests === 0) return undefined;
  const perMinute = texts.number(timer.node.value('throughput')) ?? 0;
  if (!(perMinute > 0)) return undefined;
  const everyMs = Math.round((requests * 60_000 * (isOfOneThread(timer) ? 1 : threads)) / perMinute);
  return everyMs >= 1 && everyMs <= LONGEST_MS ? { timer, everyMs } : undefined;
}

/** `calcMode` 0; in the others the throughput is that of all threads together. */
const isOfOneThread = ({ node }: TestElement): boolean => /^0?$/.test(node.value('calcMode'));

export function notePacing({ timer }: Pacing, notes: Notes): void {
  const whose = isOfOneThread(timer) ? '' : ', and its rate is reached once all threads have started';
  notes.changed(timer.line, `the timer ${timer.name} paces journeys, and not each request of them${whose}`);
}

/** How many requests a journey makes; undefined where that is not the same each time. */
function samplersIn(elements: readonly TestElement[], texts: JmeterTexts): number | undefined {
  let sum = 0;
  for (const { kind, node, children } of elements) {
    const own = /^HTTPSampler(?:Proxy|2)?$/.test(kind) ? 1 : 0;
    const isPlain = /^(?:GenericController|RecordingController|TransactionController)$/.test(kind);
    const turns = kind === 'LoopController' ? texts.number(node.value('LoopController.loops')) : 1;
    if (own === 0 && !isPlain && kind !== 'LoopController' && /Controller$|Sampler|TestAction/.test(kind))
      return undefined;
    const below = samplersIn(own === 1 ? [] : children, texts);
    if (below === undefined || turns === undefined || turns < 0) return undefined;
    sum += own + turns * below;
  }
  return sum;
}
