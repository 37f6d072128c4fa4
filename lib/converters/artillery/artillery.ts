import { basename } from 'node:path';
import { PlimsollError } from '../../errors.ts';
import { describeAt, type Path } from '../../document/problems.ts';
import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import type { PlanInput } from '../../plan/schema.ts';
import type { Conversion, Converter, ConvertOptions, Script } from '../converter.ts';
import { objectivesOf } from './ensure.ts';
import { VariableNames, planName, wordOf } from './names.ts';
import { scriptFeeders } from './payload.ts';
import { scriptPhases } from './phases.ts';
import { knowPlugins, merged } from './config.ts';
import { Processor } from './processor.ts';
import { Remarks } from './remarks.ts';
import { defaultsOf, scriptSettings } from './settings.ts';
import { setupSteps, scriptScenarios } from './scenarios.ts';
import type { ScriptFacts } from './scope.ts';

/** An Artillery script, YAML or JSON: https://www.artillery.io/docs/reference/test-script */
export const artilleryScripts: Converter = {
  name: 'Artillery script',
  recognises({ text, yaml }) {
    if (!/\b(?:flow|config)["']?\s*:/.test(text)) return false;
    if (yaml.problems.length > 0) return /^(?:config|scenarios):/m.test(text) && /\bflow:/.test(text);
    const root = asRecord(yaml.value);
    return 'config' in root || asList(root['scenarios']).some((each) => 'flow' in asRecord(each));
  },
  convert: async (script, options) => (await ScriptConversion.of(script, options)).convert(),
};

/** One conversion: the script's parts in the order in which they give names a value. */
class ScriptConversion {
  readonly #script: Script;
  readonly #options: ConvertOptions;
  readonly #root: Draft;
  readonly #config: Draft;
  readonly #remarks: Remarks;
  readonly #processor: Processor;
  readonly #names: VariableNames;
  readonly #variables: NonNullable<PlanInput['variables']> = {};
  readonly #files: Record<string, Uint8Array> = {};
  readonly #wanted = new Map<string, string>();

  constructor(script: Script, options: ConvertOptions, { config, remarks, processor }: Read) {
    this.#script = script;
    this.#options = options;
    this.#root = asRecord(script.yaml.value);
    this.#remarks = remarks;
    this.#config = config;
    this.#processor = processor;
    this.#names = new VariableNames({ remarks, environment: options.environment, env: options.env, processor });
  }

  static async of(script: Script, options: ConvertOptions): Promise<ScriptConversion> {
    refuseBroken(script);
    const remarks = new Remarks(script.yaml);
    const config = merged(asRecord(script.yaml.value)['config'], options.environment, remarks);
    return new ScriptConversion(script, options, {
      config,
      remarks,
      processor: await Processor.read(config['processor'], options),
    });
  }

  async convert(): Promise<Conversion> {
    const config = this.#config;
    const target = asText(this.#names.fixed(config['target'], ['config', 'target']));
    if (target !== undefined) this.#names.know('target', { as: target, inline: true });
    const feeders = await scriptFeeders(config['payload'] ?? [], ['config', 'payload'], {
      names: this.#names,
      remarks: this.#remarks,
      read: (path) => this.#options.read(path),
      put: (name, bytes) => this.#put(name, bytes),
      variable: (name, value) => this.#variable(name, value),
    });
    this.#knowVariables();
    knowPlugins(config, this.#remarks);
    const facts = this.#factsOf(target ?? '');
    const reading = { names: this.#names, facts, engine: config['engine'] };
    const setup = setupSteps(this.#root['before'], 'before', reading);
    const scenarios = scriptScenarios(this.#root['scenarios'], reading);
    if (scenarios.length === 0) this.#refuse('has no scenario that a plan can say');
    const teardown = setupSteps(this.#root['after'], 'after', reading);
    await this.#readFiles();
    const plan: PlanInput = {
      name: basename(this.#script.path).replace(/\.\w+$/, ''),
      ...scriptSettings(target, config, { names: this.#names, remarks: this.#remarks }),
      ...(Object.keys(this.#variables).length > 0 && { variables: this.#variables }),
      ...(Object.keys(feeders).length > 0 && { feeders }),
      ...this.#processor.hooks(this.#script.text, this.#remarks, ['config', 'processor']),
      ...this.#objectives(),
      ...(setup.length > 0 && { setup }),
      ...(teardown.length > 0 && { teardown }),
      scenarios,
      phases: scriptPhases(config['phases'], ['config', 'phases'], {
        names: this.#names,
        remarks: this.#remarks,
        mode: config['mode'],
      }),
    };
    this.#remarks.overall('noted', "journeys under way at a phase's end are cut; Artillery waits for them");
    return { plan, files: this.#files, differences: this.#remarks.differences };
  }

  #put(name: string, bytes: Uint8Array): string {
    this.#files[name] = bytes;
    return name;
  }

  #variable(wanted: string, value: readonly unknown[]): string {
    let name = wanted;
    while (name in this.#variables) name += '_';
    this.#variables[name] = value as NonNullable<PlanInput['variables']>[string];
    return name;
  }

  /** `config.variables`: a list is one of its values for each user. What holds templates is written where it is used. */
  #knowVariables(): void {
    for (const [name, value] of Object.entries(asRecord(this.#config['variables']))) {
      const path = ['config', 'variables', name];
      const as = planName(name);
      if (JSON.stringify(value ?? null).includes('{{')) {
        if (typeof value === 'string')
          this.#names.know(name, { as: this.#names.text(value, 'text', path), inline: true });
        else this.#know(name, as, this.#filled(value, path));
      } else this.#know(name, as, value);
    }
  }

  #filled(value: unknown, path: Path): unknown {
    if (Array.isArray(value)) return value.map((item, i) => this.#filled(item, [...path, i]));
    if (typeof value !== 'object' || value === null) return this.#names.fixed(value, path) ?? 'undefined';
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#filled(item, [...path, key])]));
  }

  #know(name: string, as: string, value: unknown): void {
    if (value === null || value === undefined) return this.#names.know(name, { as: wordOf(value), inline: true });
    if (Array.isArray(value) && value.length === 0) return;
    this.#variables[as] = (Array.isArray(value) ? { pick: value } : value) as NonNullable<
      PlanInput['variables']
    >[string];
    this.#names.know(name, { as, values: Array.isArray(value) ? value : [value] });
  }

  #factsOf(target: string): ScriptFacts {
    const config = this.#config;
    const [http, defaults] = [asRecord(config['http']), defaultsOf(config)];
    return {
      remarks: this.#remarks,
      target: target.replace(/\/$/, ''),
      strictCapture: defaults['strictCapture'] !== false,
      expects: 'expect' in asRecord(config['plugins']),
      pooled: http['pool'] !== undefined,
      processor: this.#processor,
      jitter: asRecord(defaults['think'])['jitter'],
      file: (path) => {
        const name = path.replace(/^.*[\\/]/, '');
        this.#wanted.set(path, name);
        return name;
      },
      variable: (name, value) => this.#variable(name, value),
    };
  }

  #objectives(): Pick<PlanInput, 'objectives'> {
    const config = this.#config;
    const plugin = asRecord(config['plugins'])['ensure'];
    const path = config['ensure'] === undefined ? ['config', 'plugins', 'ensure'] : ['config', 'ensure'];
    const objectives = objectivesOf(config['ensure'] ?? plugin, path, this.#remarks);
    return objectives.length > 0 ? { objectives } : {};
  }

  async #readFiles(): Promise<void> {
    for (const [path, name] of this.#wanted) {
      try {
        this.#put(name, await this.#options.read(path));
      } catch {
        this.#refuse(`sends the file ${path}, which can't be read`);
      }
    }
  }

  #refuse(what: string): never {
    const { path } = this.#script;
    const lines = this.#remarks.differences.filter(({ effect }) => effect === 'left out');
    throw new PlimsollError(
      'E-SCRIPT-REFUSED',
      `${path} ${what}.`,
      lines.map(({ line, what: why }) => `${path}:${line} ${why}`),
    );
  }
}

function refuseBroken({ path, text, yaml }: Script): void {
  if (yaml.problems.length === 0) return;
  const lines = text.split(/\r?\n/);
  const shown = yaml.problems.map((problem) => describeAt(path, lines[problem.at.line - 1] ?? '', problem, problem.at));
  throw new PlimsollError('E-SCRIPT-REFUSED', `${path} is no YAML.`, shown);
}

/** What a conversion begins with. */
interface Read {
  readonly config: Draft;
  readonly remarks: Remarks;
  readonly processor: Processor;
}
