import type { Path } from '../../document/problems.ts';
import { asList, asRecord, type Draft } from '../../plan/draft.ts';
import type { StepInput } from '../../plan/steps/index.ts';
import { sendCondition } from './conditions.ts';
import type { Scope } from './scope.ts';
import { durationText, msOf } from './durations.ts';
import { planName, type VariableNames, wordOf } from './names.ts';
import { isMethod, requestStep } from './request.ts';

/** As often as an endless loop can go round: a million requests are the most that a plan's journey may have. */
const ENDLESS = 100_000;

/** A flow as steps. Lists within it are flattened, as Artillery does. */
export function stepsOf(flow: unknown, path: Path, scope: Scope): StepInput[] {
  return asList(flow).flatMap((step, i) =>
    Array.isArray(step) ? stepsOf(step, [...path, i], scope) : stepOf(asRecord(step), [...path, i], scope),
  );
}

function stepOf(step: Draft, path: Path, scope: Scope): StepInput[] {
  const { remarks } = scope;
  if (step['loop']) return loopOf(step, path, scope);
  if (step['parallel']) return parallelOf(step, path, scope);
  if (step['think'] !== undefined) return thinkOf(step, path, scope);
  if (step['log'] !== undefined) {
    remarks.noted(path, 'log writes to the terminal; a plan sends');
    return [];
  }
  if (step['function']) {
    return scope.functions([...path, 'function'], 'the function', step['function']).map((call) => ({ call }));
  }
  const [key = ''] = Object.keys(step);
  const method = key.toLowerCase();
  if (!isMethod(method)) {
    remarks.leftOut(path, key === '' ? 'an empty step' : `the step ${key}, which is no request of HTTP`);
    return [];
  }
  for (const other of Object.keys(step).slice(1))
    remarks.noted([...path, other], `${other} beside ${key}, which Artillery ignores`);
  return conditional(asRecord(step[key]), [...path, key], scope, () => {
    const request = (params: unknown): StepInput[] => {
      const made = requestStep(method, params, [...path, key], scope);
      return made === undefined ? [] : [scope.named(made, method)];
    };
    return ofFiles(step[key], [...path, key], scope, request);
  });
}

/** More files than these are a list that no person wrote. */
const MOST_FILES = 50;

const FROM_FILE = /"fromFile":"[^"]*\{\{\s*([\w.$-]+)\s*\}\}[^"]*"/;

/** A request that sends one of several files, whose name a variable has: one for each of them. */
function ofFiles(params: unknown, path: Path, scope: Scope, make: (params: unknown) => StepInput[]): StepInput[] {
  const text = JSON.stringify(params) ?? '';
  const name = FROM_FILE.exec(text)?.[1];
  const meaning = name === undefined ? undefined : scope.names.meaningOf(name);
  const files = [...new Set((meaning?.values ?? []).map(wordOf))];
  if (
    meaning === undefined ||
    files.length === 0 ||
    files.length > MOST_FILES ||
    files.some((file) => /["\\]/.test(file))
  )
    return make(params);
  const written = (file: string): unknown =>
    JSON.parse(text.replaceAll(new RegExp(FROM_FILE, 'g'), (part) => part.replaceAll(/\{\{[^}]*\}\}/g, file)));
  scope.remarks.noted(
    [...path, 'formData'],
    `the file that ${name} names is one of ${files.length}, each a request of its own`,
  );
  return files.flatMap((file) => {
    const steps = make(written(file));
    return steps.length === 0 ? [] : [{ if: `${meaning.as} == "${file}"`, steps }];
  });
}

/** `ifTrue` and `probability` of a request. */
function conditional(params: Draft, path: Path, scope: Scope, make: () => StepInput[]): StepInput[] {
  const { ifTrue, probability } = params;
  const condition = ifTrue === undefined ? undefined : sendCondition(wordOf(ifTrue), [...path, 'ifTrue'], scope);
  let steps = make();
  if (probability !== undefined && steps.length > 0) {
    const percent = Math.min(100, Number(probability) || 0);
    // Artillery draws one of the 101 numbers from 0 to 100.
    if (percent < 100)
      scope.remarks.changed([...path, 'probability'], `${percent} of 100, where Artillery takes ${percent} of 101`);
    if (percent < 100)
      steps = [
        {
          choose: [
            { weight: percent, steps },
            { weight: 100 - percent, steps: [] },
          ],
        },
      ];
  }
  return condition === undefined || steps.length === 0 ? steps : [{ if: condition, steps }];
}

/** Of a user with one connection, which is Artillery's default, requests at once are requests one after another. */
function parallelOf(step: Draft, path: Path, scope: Scope): StepInput[] {
  const what = 'the requests of parallel are sent one after another';
  if (scope.pooled) scope.remarks.leftOut(path, `${what}, not at once`);
  else scope.remarks.changed(path, `${what}, as they are on the one connection that Artillery gives a user`);
  return stepsOf(step['parallel'], [...path, 'parallel'], scope);
}

function thinkOf({ think, jitter }: Draft, path: Path, { names, remarks, jitter: usual }: Scope): StepInput[] {
  const place = [...path, 'think'];
  const text = typeof think === 'string' ? names.text(think, 'text', place) : '';
  const [, least, most, unit] = /^\{\{ \$randomInt\((\d+), (\d+)\) \}\} *([a-z]*)$/i.exec(text) ?? [];
  if (least !== undefined && most !== undefined) {
    const [min, max] = [least, most].map((each) => durationText(msOf(each + (unit ?? '')) ?? 0));
    return [{ pause: { min: min ?? '0s', max: max ?? '0s' } }];
  }
  const ms = msOf(names.fixed(think, place)) ?? pickedMs(think, place, names);
  if (ms === undefined) {
    remarks.leftOut(place, `a pause of ${JSON.stringify(think)}, which is no fixed time`);
    return [];
  }
  if (Array.isArray(ms))
    return [{ choose: ms.map((each) => ({ steps: [{ pause: durationText(Math.max(0, each)) }] })) }];
  const spread = spreadOf(jitter ?? usual, ms);
  if (spread > 0) return [{ pause: { min: durationText(Math.max(0, ms - spread)), max: durationText(ms + spread) } }];
  return ms <= 0 ? [] : [{ pause: durationText(ms) }];
}

/** One of a list of values. */
function pickedMs(think: unknown, path: Path, names: VariableNames): number[] | undefined {
  const as = /^\{\{ ([\w-]+) \}\}$/.exec(names.text(wordOf(think), 'text', path))?.[1];
  const times = (as === undefined ? undefined : names.valuesOf(as))?.map(msOf);
  return times === undefined || times.includes(undefined) ? undefined : times.flatMap((each) => each ?? []);
}

/** `10%` of the time, or so many ms. */
function spreadOf(jitter: unknown, ms: number): number {
  const amount = Number.parseInt(wordOf(jitter ?? 0), 10);
  if (!(amount > 0)) return 0;
  return wordOf(jitter).includes('%') ? (ms * amount) / 100 : amount;
}

function loopOf(step: Draft, path: Path, scope: Scope): StepInput[] {
  const inner = scope.inside();
  const index = wordOf(step['loopValue'] ?? '$loopCount');
  const element = wordOf(step['loopElement'] ?? '$loopElement');
  const asIndex = freeName(planName(index.replace('$', '')), scope);
  const asElement = freeName(planName(element.replace('$', '')), scope);
  const body = (): StepInput[] => stepsOf(step['loop'], [...path, 'loop'], inner);
  const knowTurn = (): void => {
    for (const name of [index, element]) inner.names.know(name, { as: asIndex });
  };
  const [asked] = scope.functions([...path, 'whileTrue'], 'whileTrue', step['whileTrue']);
  if (asked !== undefined) {
    knowTurn();
    return askedLoop(asked, asIndex, body());
  }
  if (step['over'] !== undefined) {
    const over = overOf(step['over'], [...path, 'over'], asElement, scope);
    if (over === undefined) return [];
    inner.names.know(element, { as: asElement });
    const steps = body();
    return steps.length === 0 ? [] : [{ loop: { over, as: asElement, steps } }];
  }
  const turns = turnsOf(step['count'], [...path, 'count'], scope);
  if (turns === undefined) return [];
  knowTurn();
  const steps = body();
  if (steps.length === 0 || turns.times === 0) return [];
  if (turns.times === undefined) return endless(steps, path, scope);
  const counts = scope.hasCode || JSON.stringify(steps).includes(asIndex);
  return [
    {
      loop: { times: turns.times, ...(counts && { as: asIndex, ...(turns.from > 0 && { from: turns.from }) }), steps },
    },
  ];
}

function endless(steps: StepInput[], path: Path, { remarks }: Scope): StepInput[] {
  remarks.changed(path, `a loop without end is gone round ${ENDLESS} times at most, and ends with its phase`);
  return [{ while: 'true', atMost: ENDLESS, steps }];
}

/** Its function is asked after each turn. */
const askedLoop = (asked: string, as: string, steps: StepInput[]): StepInput[] =>
  steps.length === 0 ? [] : [{ while: `${asked}()`, atMost: ENDLESS, atLeastOnce: true, as, steps }];

const freeName = (name: string, { names }: Scope): string => (names.meaningOf(name) === undefined ? name : `${name}_`);

/** `over`: a list that is written out, or the name of one. */
function overOf(over: unknown, path: Path, as: string, scope: Scope): string | undefined {
  if (Array.isArray(over))
    return scope.list(
      `${as}s`,
      over.map((item, i) => scope.names.fixed(item, [...path, i]) ?? item),
    );
  const text = scope.names.text(`{{ ${wordOf(over)} }}`, 'text', path);
  const name = /^\{\{ ([\w.[\]-]+) \}\}$/.exec(text)?.[1];
  if (name === undefined) scope.remarks.leftOut(path, `a loop over ${wordOf(over)}, to which nothing gives a value`);
  return name;
}

/** `times` is undefined of a loop without end. */
function turnsOf(
  count: unknown,
  path: Path,
  { names, remarks }: Scope,
): { times: number | undefined; from: number } | undefined {
  const known = names.fixed(count, path);
  if (count !== undefined && known === undefined) {
    remarks.leftOut(path, `a loop of ${wordOf(count)} turns, which is known only while it runs`);
    return undefined;
  }
  const [, from, to] = /^(\d+)-(\d+)$/.exec(wordOf(known)) ?? [];
  if (from !== undefined && to !== undefined)
    return { times: Math.max(0, Number(to) - Number(from)), from: Number(from) };
  const times = known === undefined || known === null || known === 0 ? -1 : Number(known);
  return { times: times < 0 ? undefined : Number.isInteger(times) ? times : 0, from: 0 };
}
