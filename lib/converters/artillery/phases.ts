import type { Path } from '../../document/problems.ts';
import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import type { PhaseInput, PhaseKind } from '../../plan/phase.ts';
import { durationText, msOf } from './durations.ts';
import type { VariableNames } from './names.ts';
import type { Remarks } from './remarks.ts';

interface PhaseContext {
  readonly names: VariableNames;
  readonly remarks: Remarks;
  /** `config.mode`. */
  readonly mode: unknown;
}

/** Artillery's own, where a script has no phases. */
const ONE_USER: PhaseInput = { name: 'one user', kind: 'sustained', duration: '1s', open: { rate: 1 } };

/** https://www.artillery.io/docs/reference/test-script#phases---load-phases */
export function scriptPhases(written: unknown, path: Path, context: PhaseContext): PhaseInput[] {
  const list = asList(written);
  if (list.length === 0) {
    context.remarks.overall('noted', 'a script without phases starts one user; the plan has one phase for it');
    return [ONE_USER];
  }
  const names = new Set<string>();
  const phases = list.flatMap((each, i) => {
    const place = [...path, i];
    const phase = phaseOf(asRecord(each), place, context);
    if (phase === undefined) return [];
    const name = unusedName(asText(asRecord(each)['name']) ?? describe(phase), names);
    return [{ name, kind: kindOf(name), ...phase }];
  });
  return withRecovery(phases);
}

const unusedName = (wanted: string, names: Set<string>): string => {
  const base = wanted.trim() === '' ? 'phase' : wanted.trim();
  let name = base;
  for (let i = 2; names.has(name); i += 1) name = `${base} ${i}`;
  names.add(name);
  return name;
};

function describe({ open, duration }: Load): string {
  if (open?.ramp !== undefined) return `from ${open.ramp.from} to ${open.ramp.to} a second`;
  return open?.rate === 0 ? `pause of ${duration}` : `${open?.rate} a second`;
}

const kindOf = (name: string): PhaseKind => {
  if (/warm/i.test(name)) return 'warm-up';
  return /stress|spike|peak|break/i.test(name) ? 'stress' : 'sustained';
};

/** The last phase is the recovery where its name says so. */
const withRecovery = (phases: PhaseInput[]): PhaseInput[] =>
  phases.map((phase, i) =>
    i > 0 && i === phases.length - 1 && /recover|cool/i.test(phase.name) ? { ...phase, kind: 'recovery' } : phase,
  );

type Load = Pick<PhaseInput, 'duration' | 'open'>;

function phaseOf(phase: Draft, path: Path, { names, remarks, mode }: PhaseContext): Load | undefined {
  const known = (key: string): unknown => names.fixed(phase[key], [...path, key]);
  const [pause, ms] = [msOf(known('pause')), msOf(known('duration'))];
  if (pause !== undefined) return { duration: durationText(pause), open: { rate: 0 } };
  const shape = ms === undefined || ms <= 0 ? undefined : shapeOf(known, ms);
  if (ms === undefined || shape === undefined) {
    remarks.leftOut(path, 'a phase whose duration and arrivals are no numbers');
    return undefined;
  }
  const most = Number(known('maxVusers') ?? 0);
  const isPoisson = (known('mode') ?? mode) === 'poisson' && phase['arrivalCount'] === undefined && !('ramp' in shape);
  return {
    duration: durationText(ms),
    open: {
      ...shape,
      ...(isPoisson && { arrivals: 'poisson' as const }),
      ...(most >= 1 && { most: Math.round(most) }),
    },
  };
}

type Shape = { rate: number } | { ramp: { from: number; to: number } };

function shapeOf(known: (key: string) => unknown, ms: number): Shape | undefined {
  const [rate, to, count] = ['arrivalRate', 'rampTo', 'arrivalCount'].map((key) => {
    const value = known(key);
    return value === undefined || value === null || value === '' ? undefined : Number(value);
  });
  if ((count ?? rate) === undefined || [rate, to, count].some((each) => each !== undefined && !(each >= 0)))
    return undefined;
  if (count !== undefined) return { rate: perSecond(count, ms) };
  return to === undefined ? { rate: rate ?? 0 } : { ramp: { from: rate ?? 0, to } };
}

/** So many arrivals in a time; a rate that is cut would start one fewer. */
function perSecond(count: number, ms: number): number {
  const exact = (count * 1000) / ms;
  const short = Number(exact.toPrecision(6));
  if (short >= exact) return short;
  return Number((short + 10 ** (Math.floor(Math.log10(exact)) - 5)).toPrecision(6));
}
