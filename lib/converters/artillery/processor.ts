import { asText } from '../../plan/draft.ts';
import type { PlanInput } from '../../plan/schema.ts';
import type { Path } from '../../document/problems.ts';
import type { ConvertOptions } from '../converter.ts';
import type { Remarks } from './remarks.ts';

/** Artillery has no limit; a function that waits longer is more likely never to end. */
const LIMIT = '10s';

/** What a name without a value is in Artillery's texts. */
const NOTHING = 'undefined';

/** The code of a script: https://www.artillery.io/docs/reference/engines/http#writing-custom-logic-in-javascript-or-typescript */
export class Processor {
  readonly #file: string | undefined;
  readonly #text: string;
  readonly #isWritten: boolean;
  readonly #sets: Record<string, string> = {};
  readonly #names: Record<string, string> = {};
  #isCalled = false;

  private constructor(file: string | undefined, text: string, isWritten: boolean) {
    this.#file = file;
    this.#text = text;
    this.#isWritten = isWritten;
  }

  /** Reads `config.processor`, and runs none of it. */
  static async read(written: unknown, options: ConvertOptions): Promise<Processor> {
    const file = asText(written);
    if (file === undefined) return new Processor(undefined, '', false);
    for (const ending of ['', '.js', '.ts', '.mjs', '.cjs', '/index.js', '/index.ts']) {
      const bytes = await options.read(file + ending).catch(() => undefined);
      if (bytes !== undefined) return new Processor(file + ending, new TextDecoder().decode(bytes), true);
    }
    return new Processor(undefined, '', true);
  }

  /** The script names a file that could not be read. */
  get isMissing(): boolean {
    return this.#isWritten && this.#file === undefined;
  }

  /** Whether a name is one of its functions, as far as its text says; what other files export may be any. */
  has(name: string): boolean {
    return this.#file !== undefined && (this.mentions(name) || /\.\.\.|\bexport\s*\*|\brequire\s*\(/.test(this.#text));
  }

  mentions(name: string): boolean {
    return this.#file !== undefined && this.#text.includes(name);
  }

  /** A function of it is called. */
  calls(): void {
    this.#isCalled = true;
  }

  /** A variable of the plan that it gives its value, and what it calls that. */
  sets(name: string, as: string): void {
    this.#sets[as] = NOTHING;
    this.knows(name, as);
  }

  /** What it finds under a name. */
  knows(name: string, as: string): void {
    if (name !== as) this.#names[name] = as;
  }

  /** The plan's hooks; none where no function of it is called. `script`: its text, which names what of the environment may be seen. */
  hooks(script: string, remarks: Remarks, path: Path): Pick<PlanInput, 'hooks'> {
    if (this.#file === undefined || (!this.#isCalled && Object.keys(this.#sets).length === 0)) return {};
    const named = Array.from(script.matchAll(/\$(?:processEnvironment|env)\.([A-Za-z_]\w*)/g), ([, name = '']) => name);
    const read = Array.from(this.#text.matchAll(/\bprocess\.env\.([A-Za-z_]\w*)/g), ([, name = '']) => name);
    for (const name of new Set(read.filter((each) => !named.includes(each))))
      remarks.changed(
        path,
        `${this.#file} reads ${name} of the environment, and sees it only where the script names it`,
      );
    remarks.noted(
      path,
      `${this.#file} is run by the plan, in a thread of its own; it has to stay where it is from there`,
    );
    return {
      hooks: {
        file: this.#file,
        signatures: 'processor',
        timeout: LIMIT,
        env: [...new Set(named)],
        ...(Object.keys(this.#sets).length > 0 && { sets: this.#sets }),
        ...(Object.keys(this.#names).length > 0 && { names: this.#names }),
      },
    };
  }
}
