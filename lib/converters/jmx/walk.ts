import type { StepInput } from '../../plan/steps/index.ts';
import { nameOf, type UniqueNames, variableNameOf } from '../building/names.ts';
import { requestsIn } from '../building/plan.ts';
import { scriptStep } from '../building/request.ts';
import { checksIn } from './checks.ts';
import { conditionOf } from './conditions.ts';
import { contentOfSampler, propertyOf, samplerAddress, type SamplerContext } from './sampler.ts';
import { headersIn, isCheck, type SamplerScope, scopeWithin } from './scope.ts';
import { isTimer, pauseOf } from './timers.ts';
import type { TestElement, XmlNode } from './tree.ts';

const SAMPLERS = /^HTTPSampler(?:Proxy|2)?$/;
/** What has no part in what is sent: listeners, managers that a plan has by itself, and data that was read before. */
const SILENT =
  /Collector$|Listener$|Visualizer$|Summariser$|^(?:CookieManager|CacheManager|DNSCacheManager|Arguments|CSVDataSet|ConfigTestElement|HeaderManager|AuthManager|CounterConfig|RandomVariableConfig|UserParameters|KeystoreConfig|DebugSampler|ResultSaver|ResultAction|DebugPostProcessor|TestFragmentController|WorkBench|ProxyControl|HTTPMirrorControl|SampleSaveConfiguration|LoginConfig|BackendListener|JMeterPluginsUtils)$/;

interface Group {
  readonly threads: number;
  readonly names: UniqueNames;
  readonly onStart: StepInput[];
  readonly target: string | undefined;
  readonly roots: readonly TestElement[];
}

/** Turns what is below a thread group into steps. */
export class StepWalker {
  readonly #context: SamplerContext;
  readonly #group: Group;
  #modules = 0;

  constructor(context: SamplerContext, group: Group) {
    this.#context = context;
    this.#group = group;
  }

  async steps(children: readonly TestElement[], outer: SamplerScope): Promise<StepInput[]> {
    const scope = scopeWithin(children, outer);
    const steps: StepInput[] = [];
    for (const child of children) steps.push(...(await this.#stepsOf(child, scope)));
    return steps;
  }

  async #stepsOf(element: TestElement, scope: SamplerScope): Promise<StepInput[]> {
    const { kind, name, line, children } = element;
    const { notes } = this.#context;
    if (SAMPLERS.test(kind)) return this.#sampler(element, scope);
    if (SILENT.test(kind) || isTimer(element) || isCheck(element)) return [];
    if (kind === 'TestAction') return this.#action(element);
    const inside = (): Promise<StepInput[]> => this.steps(children, scope);
    if (
      /^(?:GenericController|RecordingController|CriticalSectionController|RandomOrderController|RunTime|ParallelSampler|ParallelController)$/.test(
        kind,
      )
    ) {
      if (/^(?:RandomOrder|RunTime|Parallel)/.test(kind))
        notes.changed(line, `${name} runs its steps once, one after another`);
      return inside();
    }
    if (kind === 'TransactionController')
      return this.steps(children, { ...scope, prefix: `${scope.prefix}${name} / ` });
    if (kind === 'OnceOnlyController') {
      this.#group.onStart.push(...(await inside()));
      return [];
    }
    if (kind === 'ModuleController') return this.#module(element, scope);
    const steps = await this.#controlled(element, inside, scope);
    if (steps !== undefined) return steps;
    notes.leftOut(line, `${kind} ${name}`);
    return [];
  }

  /** Controllers that decide whether and how often; undefined of any other element, and where it can't be said in a plan. */
  async #controlled(
    { kind, node, line, name, children }: TestElement,
    inside: () => Promise<StepInput[]>,
    scope: SamplerScope,
  ): Promise<StepInput[] | undefined> {
    switch (kind) {
      case 'LoopController':
        return this.#loop(node, `${name} never ends; it runs its steps 1000 times`, line, await inside());
      case 'IfController':
      case 'WhileController':
        return this.#conditional(node.value(`${kind}.condition`), kind, inside);
      case 'ForeachController':
        return this.#forEach(node, inside);
      case 'ThroughputController':
        return this.#share(node, line, await inside());
      case 'InterleaveControl':
        this.#context.notes.changed(line, `${name} takes one of its steps by chance, and not in turn`);
        return this.#choice(children, scope);
      case 'RandomController':
        return this.#choice(children, scope);
      default:
        return undefined;
    }
  }

  #loop(node: XmlNode, endless: string, line: number, steps: StepInput[]): StepInput[] {
    const loops = this.#context.texts.number(node.value('LoopController.loops')) ?? 1;
    if (loops < 0) this.#context.notes.changed(line, endless);
    return repeatedSteps(steps, loops < 0 ? 1000 : loops);
  }

  async #conditional(
    written: string,
    kind: 'IfController' | 'WhileController',
    inside: () => Promise<StepInput[]>,
  ): Promise<StepInput[] | undefined> {
    const condition = conditionOf(written, this.#context.texts);
    if (condition === undefined) return undefined;
    const steps = await inside();
    if (kind === 'IfController') {
      if (condition === 'true') return steps;
      return steps.length === 0 ? [] : [{ if: condition, steps }];
    }
    return requestsIn(steps).length === 0 ? [] : [{ while: condition, atMost: 100, steps }];
  }

  async #forEach(node: XmlNode, inside: () => Promise<StepInput[]>): Promise<StepInput[] | undefined> {
    const [over, as] = [node.value('ForeachController.inputVal'), node.value('ForeachController.returnVal')];
    if (!this.#context.texts.lists.has(over) || as === '') return undefined;
    const steps = await inside();
    return steps.length === 0 ? [] : [{ loop: { over: variableNameOf(over), as: variableNameOf(as), steps } }];
  }

  async #choice(children: readonly TestElement[], scope: SamplerScope): Promise<StepInput[]> {
    const inner = scopeWithin(children, scope);
    const choices: StepInput[][] = [];
    for (const child of children) choices.push(await this.#stepsOf(child, inner));
    const filled = choices.filter((steps) => steps.length > 0);
    return filled.length < 2 ? filled.flat() : [{ choose: filled.map((steps) => ({ steps })) }];
  }

  /** `style` 1 is a share in percent, 0 a number of times. */
  #share(node: XmlNode, line: number, steps: StepInput[]): StepInput[] {
    const percent = this.#context.texts.number(node.value('ThroughputController.percentThroughput')) ?? 100;
    if (node.value('ThroughputController.style') === '0') {
      this.#context.notes.changed(line, 'a controller of a total number of times runs its steps each time');
      return steps;
    }
    if (steps.length === 0 || percent >= 100) return steps;
    return percent <= 0
      ? []
      : [
          {
            choose: [
              { weight: percent, steps },
              { weight: Number((100 - percent).toFixed(6)), steps: [] },
            ],
          },
        ];
  }

  #action({ node, line, name }: TestElement): StepInput[] {
    const ms = this.#context.texts.number(node.value('ActionProcessor.duration'));
    if (/^[01]$/.test(node.value('ActionProcessor.action')) && ms !== undefined)
      return ms > 0 ? [{ pause: `${Math.round(ms)}ms` }] : [];
    this.#context.notes.changed(line, `the action ${name} does not end a user`);
    return [];
  }

  /** The element to which a path of names leads, in place of the controller that names it. */
  async #module(element: TestElement, scope: SamplerScope): Promise<StepInput[]> {
    const path = element.node.items('ModuleController.node_path').map(({ text }) => text);
    const found = path.reduce<TestElement | undefined>(
      (at, name, depth) =>
        depth < 2
          ? at
          : (at?.children ?? this.#group.roots.flatMap(({ children }) => [...children])).find(
              (each) => each.name === name,
            ),
      undefined,
    );
    if (found === undefined || this.#modules > 20) {
      this.#context.notes.leftOut(element.line, `the module of ${element.name}`);
      return [];
    }
    this.#modules += 1;
    const steps = await (found.kind === 'TestFragmentController'
      ? this.steps(found.children, scope)
      : this.#stepsOf(found, scope));
    this.#modules -= 1;
    return steps;
  }

  async #sampler(element: TestElement, outer: SamplerScope): Promise<StepInput[]> {
    const { texts, notes } = this.#context;
    const { node, line, name } = element;
    const scope = scopeWithin(element.children, outer);
    const layers = [node, ...scope.defaults];
    const property = (key: string): string => propertyOf(layers, key);
    const method = texts.constant(property('method')) ?? '';
    const content = await contentOfSampler(layers, method, line, this.#context);
    if (property('image_parser') === 'true') notes.changed(line, 'what a page embeds is not loaded');
    const timeout = texts.number(property('response_timeout')) ?? 0;
    const title = `${outer.prefix}${texts.constant(name) ?? name.replaceAll(/[${}]/g, '')}`;
    const request = {
      line,
      name: this.#group.names.of(nameOf(title, 'request')),
      method: method === '' ? 'GET' : method,
      address: this.#address(layers, line),
      query: content.query,
      headers: headersIn(scope, line, this.#context),
      body: content.body,
      ...checksIn(scope.after, texts, notes),
      timeout: timeout > 0 ? `${Math.round(timeout)}ms` : undefined,
    };
    const step = scriptStep(request, notes);
    if (step === undefined) return [];
    const follows = property('follow_redirects') !== 'false' || property('auto_redirects') === 'true';
    return [
      ...pauseOf(scope.timers, this.#group.threads, texts, notes),
      follows ? step : { ...step, redirects: 'stay' as const },
    ];
  }

  #address(layers: readonly XmlNode[], line: number): string {
    const { origin, path } = samplerAddress(layers, this.#context.texts);
    const isElsewhere = origin !== undefined && origin !== this.#group.target;
    if (isElsewhere) this.#context.notes.noted(line, `requests to ${origin} need that host on the allow-list`);
    const address = `${isElsewhere ? origin : ''}${this.#context.texts.text(path, line)}`;
    return address === '' ? '/' : address;
  }
}

export const repeatedSteps = (steps: StepInput[], times: number): StepInput[] => {
  const count = Math.min(Math.trunc(times), 100_000);
  if (count < 1 || steps.length === 0) return [];
  return count === 1 ? steps : [{ loop: { times: count, steps } }];
};
