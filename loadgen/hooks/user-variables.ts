import type { ModuleContext } from './functions.ts';
import type { HookSetting, Variables } from './messages.ts';

/**
 * One user's variables in the hooks' thread. They live here from call to call, so that code may keep in them what no other thread can
 * hold; what is data and has changed goes back to the journey.
 */
export class UserVariables {
  readonly context: ModuleContext;
  /** What the journey knows of each, by the module's name. */
  readonly #known = new Map<string, unknown>();
  readonly #ofPlan: ReadonlyMap<string, string>;
  /** A loop's turn may be its element as well. */
  readonly #ofModule: ReadonlyMap<string, readonly string[]>;

  constructor(context: ModuleContext, { names, variables }: HookSetting) {
    this.context = context;
    this.#ofPlan = new Map(Object.entries(names));
    const grouped = Map.groupBy(Object.entries(names), ([, planned]) => planned);
    this.#ofModule = new Map(Array.from(grouped, ([planned, pairs]) => [planned, pairs.map(([own]) => own)]));
    for (const [name, stamp] of stamps(context.variables)) this.#known.set(name, stamp);
    this.take(structuredClone(variables));
  }

  /** Takes what has changed in the journey. */
  take(changed: Variables): void {
    for (const [planned, value] of Object.entries(changed))
      for (const name of this.#ofModule.get(planned) ?? [planned])
        this.#set(name, name === planned ? value : asColumn(planned, value));
  }

  #set(name: string, value: unknown): void {
    if (value === undefined) {
      delete this.context.variables[name];
      this.#known.delete(name);
    } else {
      this.context.variables[name] = value;
      this.#known.set(name, stampOf(value));
    }
  }

  /** What has changed here since the last look, by the plan's names; undefined of what has gone. */
  changed(): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    const own = new Map(stamps(this.context.variables));
    for (const [name, stamp] of own) {
      // Names with a blank are the engine's own.
      if (this.#known.get(name) === stamp || name.includes(' ')) continue;
      this.#known.set(name, stamp);
      const value = this.context.variables[name];
      found[this.#ofPlan.get(name) ?? name] =
        typeof value === 'object' && value !== null ? JSON.parse(String(stamp)) : stamp;
    }
    for (const name of this.#known.keys())
      if (!own.has(name)) {
        this.#known.delete(name);
        found[this.#ofPlan.get(name) ?? name] = undefined;
      }
    return found;
  }
}

/** By which a change is seen: the value itself, or what an object says as JSON; of what is no data there is none. */
const stamps = (variables: Variables): [string, unknown][] =>
  Object.entries(variables).flatMap(([name, value]): [string, unknown][] => {
    const stamp = stampOf(value);
    return stamp === undefined ? [] : [[name, stamp]];
  });

function stampOf(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** A column's value that is a number is one for a processor, as Artillery reads its files. */
const asColumn = (planned: string, value: unknown): unknown =>
  planned.includes('.') && typeof value === 'string' && /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(value.trim())
    ? Number(value)
    : value;
