import type { Path } from '../../document/problems.ts';
import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import { methods, type Method } from '../../plan/steps/methods.ts';
import { type VariableNames, wordOf } from './names.ts';
import type { Processor } from './processor.ts';
import type { Remarks } from './remarks.ts';
import type { Around, RequestScope } from './request.ts';

/** What is the same all over a script. */
export interface ScriptFacts extends Omit<RequestScope, 'names' | 'around' | 'functions'> {
  readonly remarks: Remarks;
  /** Requests of a user may be sent at once. */
  readonly pooled: boolean;
  /** Of every pause without one of its own. */
  readonly jitter: unknown;
  /** The script's code, which may give names a value. */
  readonly processor: Processor;
  /** A list of the script's own, as a variable of the plan. */
  readonly variable: (name: string, value: readonly unknown[]) => string;
}

/** A list of steps: the names that are known in it, and those that its requests have in reports. */
export class Scope implements RequestScope {
  readonly #facts: ScriptFacts;
  readonly #around: Around;
  readonly #requests: Map<string, string>;
  readonly names: VariableNames;

  constructor(
    facts: ScriptFacts,
    names: VariableNames,
    around: Around = { beforeRequest: [], afterResponse: [] },
    requests = new Map<string, string>(),
  ) {
    this.#facts = facts;
    this.names = names;
    this.#around = around;
    this.#requests = requests;
  }

  inside(): Scope {
    return new Scope(this.#facts, this.names.inner(), this.#around, this.#requests);
  }

  /** The same, with functions that are called at each of its requests. */
  with(around: Around): Scope {
    return new Scope(this.#facts, this.names, around, this.#requests);
  }

  get remarks(): Remarks {
    return this.#facts.remarks;
  }
  get target(): string {
    return this.#facts.target;
  }
  get strictCapture(): boolean {
    return this.#facts.strictCapture;
  }
  get expects(): boolean {
    return this.#facts.expects;
  }
  get hasCode(): boolean {
    return this.#facts.processor.mentions('');
  }
  /** A condition that is the name of a function is asked of it. */
  readonly isFunction = (text: string): boolean => {
    const { processor } = this.#facts;
    const is = /^[A-Za-z_$][\w$]*$/.test(text) && processor.mentions(text) && this.names.meaningOf(text) === undefined;
    if (is) processor.calls();
    return is;
  };

  get around(): Around {
    return this.#around;
  }
  get pooled(): boolean {
    return this.#facts.pooled;
  }
  get jitter(): unknown {
    return this.#facts.jitter;
  }
  get file(): (path: string) => string {
    return this.#facts.file;
  }

  list(name: string, value: readonly unknown[]): string {
    return this.#facts.variable(name, value);
  }

  /** Functions of the script's own code that it calls at a place; one that isn't there does nothing in Artillery either. */
  functions(path: Path, place: string, written: unknown): string[] {
    const { processor } = this.#facts;
    return [written ?? []].flat().flatMap((each) => {
      const name = wordOf(this.names.fixed(each, path));
      const what = `${place} ${wordOf(each)}`;
      if (processor.isMissing) {
        this.remarks.leftOut(path, `${what}, of a processor that can't be read`);
        return [];
      }
      if (!/^[A-Za-z_$][\w$]*$/.test(name) || !processor.has(name)) {
        this.remarks.noted(path, `${what}, which no processor has`);
        return [];
      }
      processor.calls();
      return [name];
    });
  }

  /** Two requests of a scenario can't have one name. */
  named(request: HttpInput, method: Method): HttpInput {
    const written = `${method.toUpperCase()} ${methods.map((each) => request[each]).find((each) => each !== undefined)}`;
    const name = request.name ?? written;
    const first = this.#requests.get(name) ?? written;
    this.#requests.set(name, first);
    if (first === written) return request;
    const { [method]: target, name: _, ...rest } = request;
    const other = `${name} (${written})`;
    this.#requests.set(other, written);
    return { [method]: target, name: other, ...rest };
  }
}
