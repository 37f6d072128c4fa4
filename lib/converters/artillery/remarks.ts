import type { Path } from '../../document/problems.ts';
import type { YamlSource } from '../../document/yaml-source.ts';
import type { ScriptDifference } from '../converter.ts';

/** What a conversion has to say of a script, each with the line that it is about. */
export class Remarks {
  #differences: ScriptDifference[] = [];
  readonly #yaml: YamlSource;
  readonly #said = new Set<string>();

  constructor(yaml: YamlSource) {
    this.#yaml = yaml;
  }

  get differences(): readonly ScriptDifference[] {
    return this.#differences;
  }

  /** Where in the plan comments say what was found since, but for what is the same. */
  place(since: number, at: Path): void {
    this.#differences = this.#differences.map((each, i) =>
      i < since || each.effect === 'noted' ? each : { at, ...each },
    );
  }

  /** What is sent and judged is the same. */
  noted(path: Path, what: string): void {
    this.#add({ effect: 'noted', line: this.#lineOf(path), what });
  }

  changed(path: Path, what: string): void {
    this.#add({ effect: 'changed', line: this.#lineOf(path), what });
  }

  leftOut(path: Path, what: string): void {
    this.#add({ effect: 'left out', line: this.#lineOf(path), what });
  }

  /** Of the script as a whole. */
  overall(effect: ScriptDifference['effect'], what: string): void {
    this.#add({ effect, what });
  }

  #add(difference: ScriptDifference): void {
    const key = `${difference.effect} ${difference.line} ${difference.what}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#differences.push(difference);
  }

  #lineOf(path: Path): number {
    return this.#yaml.positionOf({ path, text: '', onKey: true }).line;
  }
}
