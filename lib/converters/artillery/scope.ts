import type { Path } from '../../document/problems.ts';
import { methods, type HttpInput, type Method } from '../../plan/steps/http.ts';
import type { VariableNames } from './names.ts';
import type { Remarks } from './remarks.ts';
import type { RequestScope } from './request.ts';

/** What is the same all over a script. */
export interface ScriptFacts extends Omit<RequestScope, 'names'> {
  readonly remarks: Remarks;
  /** Requests of a user may be sent at once. */
  readonly pooled: boolean;
  /** Of every pause without one of its own. */
  readonly jitter: unknown;
  /** Whether a function of the processor is there. */
  readonly functions: (name: string) => boolean;
  /** The script has code, which may give names a value. */
  readonly hasCode: boolean;
  /** A list of the script's own, as a variable of the plan. */
  readonly variable: (name: string, value: readonly unknown[]) => string;
}

/** A list of steps: the names that are known in it, and those that its requests have in reports. */
export class Scope implements RequestScope {
  readonly #facts: ScriptFacts;
  readonly #requests: Map<string, string>;
  readonly names: VariableNames;

  constructor(facts: ScriptFacts, names: VariableNames, requests = new Map<string, string>()) {
    this.#facts = facts;
    this.names = names;
    this.#requests = requests;
  }

  inside(): Scope {
    return new Scope(this.#facts, this.names.inner(), this.#requests);
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
    return this.#facts.hasCode;
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

  /** A function of the script's own code: a plan has none. One that isn't there does nothing in Artillery either. */
  hook(path: Path, what: string): void {
    const name = what.split(' ').at(-1) ?? '';
    if (this.#facts.functions(name)) this.remarks.leftOut(path, `${what}, which is code; a plan runs none`);
    else this.remarks.noted(path, `${what}, which no processor has`);
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
