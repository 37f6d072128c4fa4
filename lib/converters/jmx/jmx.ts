import type { PlanInput } from '../../plan/schema.ts';
import type { StepInput } from '../../plan/steps/index.ts';
import { PlimsollError } from '../../errors.ts';
import { listed } from '../../units.ts';
import type { Conversion, Converter, ConvertOptions, Script } from '../converter.ts';
import { nameOf, UniqueNames } from '../building/names.ts';
import { Notes } from '../building/notes.ts';
import { finished, requestsIn } from '../building/plan.ts';
import { Secrets } from '../building/secrets.ts';
import { unknownNames } from '../building/variables.ts';
import { EXTRACTORS, namesOfExtractor } from './checks.ts';
import { feederOf } from './csv.ts';
import { areUsers, endsByItself, type GroupLoad, loadOf, phaseOf, THREAD_GROUPS } from './load.ts';
import { notePacing, pacingOf, type Pacing } from './pacing.ts';
import { samplerAddress, type SamplerContext } from './sampler.ts';
import { JmeterTexts } from './texts.ts';
import { EMPTY_SCOPE, type SamplerScope, scopeWithin } from './scope.ts';
import { readJmx, type TestElement, type XmlNode } from './tree.ts';
import { repeatedSteps, StepWalker } from './walk.ts';

/** A test plan of JMeter 2.4 or later (https://jmeter.apache.org/usermanual/component_reference.html). */
export const jmx: Converter = {
  name: 'JMeter test plan',
  recognises: ({ text }) => /<jmeterTestPlan\b/.test(text.slice(0, 5000)),
  convert: ({ text }: Script, options: ConvertOptions) => new TestPlanBuilder(readJmx(text), options).conversion(),
};

const below = (elements: readonly TestElement[]): TestElement[] =>
  elements.flatMap((each) => [each, ...below(each.children)]);

class TestPlanBuilder {
  readonly #notes = new Notes();
  readonly #secrets = new Secrets();
  readonly #texts = new JmeterTexts(this.#notes, this.#secrets);
  readonly #roots: readonly TestElement[];
  readonly #context: SamplerContext;

  constructor(roots: readonly TestElement[], options: ConvertOptions) {
    this.#roots = roots;
    this.#context = {
      texts: this.#texts,
      secrets: this.#secrets,
      notes: this.#notes,
      read: (path) => options.read(path),
      files: {},
    };
  }

  async conversion(): Promise<Conversion> {
    const feeders = await this.#learn();
    const top = this.#roots.flatMap((each) => (each.kind === 'TestPlan' ? each.children : [each]));
    const scope = scopeWithin(top, EMPTY_SCOPE);
    const target = mostCommon(originsIn(top, EMPTY_SCOPE, this.#texts));
    if (target === undefined)
      this.#notes.changed(undefined, 'the test plan names no host: give --target, or write target into the plan');
    const groups = top.filter(({ kind }) => THREAD_GROUPS.has(kind));
    const found = await this.#scenarios(groups, { scope, target, top });
    const { scenarios } = found;
    if (scenarios.length === 0)
      throw new PlimsollError(
        'E-SCRIPT-REFUSED',
        `It holds no HTTP request that a plan could send${othersIn(this.#roots)}.`,
      );
    const goesOn = groups.some(({ node }) => /^(?:continue)?$/.test(node.value('ThreadGroup.on_sample_error')));
    const plan: PlanInput = {
      name: nameOf(this.#roots.find(({ kind }) => kind === 'TestPlan')?.name ?? '', 'test plan'),
      ...(target !== undefined && { target }),
      ...(goesOn && { onFail: 'next' as const }),
      redirects: 'follow',
      ...(Object.keys(feeders).length > 0 && { feeders }),
      ...(await this.#once('setup', 'SetupThreadGroup', top, { scope, target })),
      ...(await this.#once('teardown', 'PostThreadGroup', top, { scope, target })),
      scenarios,
      phases: [phaseOf(found, this.#notes)],
    };
    const unknown = unknownNames(plan).map((name) => [name, this.#texts.used.get(name) ?? name] as const);
    const variables = unknown.length === 0 ? {} : { variables: Object.fromEntries(unknown) };
    return finished({
      plan: { ...plan, ...variables },
      files: this.#context.files,
      notes: this.#notes,
      secrets: this.#secrets,
    });
  }

  /** Everything that gives a name a value, wherever it stands. */
  async #learn(): Promise<NonNullable<PlanInput['feeders']>> {
    const names = new UniqueNames('_');
    const all = below(this.#roots);
    for (const element of all) this.#learnValues(element);
    for (const element of all.filter(({ kind }) => kind in EXTRACTORS)) {
      const numbers = `${element.node.value('RegexExtractor.match_number')}${element.node.value('JSONPostProcessor.match_numbers')}${element.node.value('BoundaryExtractor.match_number')}`;
      for (const name of namesOfExtractor(element)) {
        this.#texts.captured.add(name);
        if (numbers.trim().startsWith('-')) this.#texts.lists.add(name);
      }
    }
    const feeders: NonNullable<PlanInput['feeders']> = {};
    for (const element of all.filter(({ kind }) => kind === 'CSVDataSet'))
      Object.assign(feeders, await feederOf(element, names, this.#context));
    return feeders;
  }

  #learnValues({ kind, node }: TestElement): void {
    const { values, captured } = this.#texts;
    const list =
      kind === 'TestPlan' ? node.property('TestPlan.user_defined_variables') : kind === 'Arguments' ? node : undefined;
    for (const each of list?.items('Arguments.arguments') ?? [])
      values.set(each.value('Argument.name'), each.value('Argument.value'));
    if (kind === 'CounterConfig') values.set(node.value('CounterConfig.name'), '${__counter(TRUE)}');
    if (kind === 'ForeachController') captured.add(node.value('ForeachController.returnVal'));
    if (kind !== 'RandomVariableConfig') return;
    const [low, high] = [node.value('minimumValue'), node.value('maximumValue')];
    values.set(node.value('variableName'), `\${__Random(${low === '' ? 0 : low},${high === '' ? 1000 : high})}`);
  }

  async #scenarios(
    groups: readonly TestElement[],
    { scope, target, top }: { scope: SamplerScope; target: string | undefined; top: readonly TestElement[] },
  ) {
    const names = new UniqueNames();
    const [scenarios, loads]: [PlanInput['scenarios'], GroupLoad[]] = [[], []];
    const pacing = this.#pacing(groups, top);
    const isOther = (each: TestElement): boolean => each !== pacing?.timer;
    for (const group of groups) {
      const load = loadOf(group, this.#texts, this.#notes);
      const onStart: StepInput[] = [];
      const own = await this.#walker(load.threads, onStart, target).steps(group.children.filter(isOther), {
        ...scope,
        timers: scope.timers.filter(isOther),
      });
      const steps = endsByItself(load) ? repeatedSteps(own, load.loops ?? 1) : own;
      const found = steps.length === 0 ? onStart.splice(0) : steps;
      if (requestsIn([...onStart, ...found]).length === 0) {
        this.#notes.leftOut(group.line, `the thread group ${group.name}, which has no HTTP request`);
        continue;
      }
      if (load.loops !== undefined && !endsByItself(load))
        this.#notes.changed(group.line, `${group.name} ends by its time, and not after ${load.loops} loops`);
      scenarios.push({
        name: names.of(nameOf(group.name, 'thread group')),
        ...(groups.length > 1 && { weight: Math.max(load.threads, 0) }),
        ...(onStart.length > 0 && { onStart }),
        steps: found,
      });
      loads.push(load);
    }
    const isIdle = scenarios.length > 0 && scenarios.every(({ weight }) => weight === 0);
    return {
      scenarios: isIdle ? scenarios.map((scenario) => ({ ...scenario, weight: 1 })) : scenarios,
      loads,
      everyMs: pacing?.everyMs,
      thinkS: thinkSecondsOf(scenarios) * Math.max(1, ...loads.map(({ loops = 1 }) => Math.min(loops, 60))),
    };
  }

  /** Of several groups each would need its own. */
  #pacing([group, ...others]: readonly TestElement[], top: readonly TestElement[]): Pacing | undefined {
    if (group === undefined || others.length > 0) return undefined;
    // What is said of its load is said where its steps are read.
    const load = loadOf(group, this.#texts, new Notes());
    const pacing = areUsers(load) ? pacingOf(group, top, load.threads, this.#texts) : undefined;
    if (pacing !== undefined) notePacing(pacing, this.#notes);
    return pacing;
  }

  async #once(
    key: 'setup' | 'teardown',
    kind: string,
    top: readonly TestElement[],
    { scope, target }: { scope: SamplerScope; target: string | undefined },
  ): Promise<Partial<PlanInput>> {
    const steps: StepInput[] = [];
    for (const group of top.filter((each) => each.kind === kind)) {
      const onStart: StepInput[] = [];
      const own = await this.#walker(1, onStart, target).steps(group.children, scope);
      steps.push(...onStart, ...own);
    }
    const isReadingRows = [...this.#texts.columns.values()].some((column) =>
      JSON.stringify(steps).includes(`{{ ${column} }}`),
    );
    if (isReadingRows) this.#notes.leftOut(undefined, `the ${key} reads a data set, which only users have`);
    return steps.length === 0 || isReadingRows ? {} : { [key]: steps };
  }

  #walker(threads: number, onStart: StepInput[], target: string | undefined): StepWalker {
    return new StepWalker(this.#context, { threads, names: new UniqueNames(), onStart, target, roots: this.#roots });
  }
}

/** Samplers of other kinds, by the names of their classes. */
function othersIn(roots: readonly TestElement[]): string {
  const kinds = below(roots).map(({ kind }) => kind);
  const others = [...new Set(kinds)].filter((kind) => kind.endsWith('Sampler') && !kind.startsWith('HTTPSampler'));
  return others.length === 0 ? '' : `; its samplers are of ${listed(others.slice(0, 5), 'and')}`;
}

/** Pauses of a journey, as long as they may get. */
function thinkSecondsOf(scenarios: PlanInput['scenarios']): number {
  const found = [...JSON.stringify(scenarios).matchAll(/"(?:pause|max|mean)":"(\d+)(ms|s)"/g)];
  return Math.min(
    600,
    found.reduce((sum, [, amount, unit]) => sum + Number(amount) / (unit === 'ms' ? 1000 : 1), 0),
  );
}

/** The host of every sampler, with the defaults in whose scope it is. */
function originsIn(children: readonly TestElement[], outer: SamplerScope, texts: JmeterTexts): string[] {
  const scope = scopeWithin(children, outer);
  return children.flatMap(({ kind, node, children: inner }) => {
    const layers: XmlNode[] = [node, ...scopeWithin(inner, scope).defaults];
    const own = kind.startsWith('HTTPSampler') ? samplerAddress(layers, texts).origin : undefined;
    return [...(own === undefined ? [] : [own]), ...originsIn(inner, scope, texts)];
  });
}

/** The first of those that stand most often. */
const mostCommon = (texts: readonly string[]): string | undefined =>
  [...Map.groupBy(texts, (text) => text)].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
