import type { Path } from '../document/problems.ts';
import { opensTooMany, yamlExcess } from './building/located-yaml.ts';
import { readYaml, type YamlSource } from '../document/yaml-source.ts';
import type { PlanInput } from '../plan/schema.ts';

/** Another tool's script, with its text read in whatever way a converter needs. */
export interface Script {
  /** As the caller wrote it. */
  readonly path: string;
  readonly text: string;
  /** The text as JSON; undefined where it is none. */
  readonly json: unknown;
  /** The text as YAML (or JSON) with the places of its values. Read at first use. */
  readonly yaml: YamlSource;
}

/** `text` without its byte order mark. */
export function scriptOf(path: string, text: string): Script {
  let json: { value: unknown } | undefined;
  let yaml: YamlSource | undefined;
  return {
    path,
    text,
    get json() {
      return (json ??= { value: jsonIn(text) }).value;
    },
    get yaml() {
      return (yaml ??= yamlOf(text));
    },
  };
}

/** What can't be read within the memory that a script is worth has a problem, and no value. */
function yamlOf(text: string): YamlSource {
  const excess = opensTooMany(text) ? 'is nested too deep' : yamlExcess(text);
  return excess === undefined ? readYaml(text, { merge: true }) : unread(excess);
}

const START = { line: 1, column: 1 };

const unread = (why: string): YamlSource => ({
  value: undefined,
  problems: [{ path: [], text: why, at: START }],
  positionOf: () => START,
  writtenAt: () => undefined,
});

function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Something of a script that its plan says otherwise or not at all. `noted`: what is sent and judged is the same, or the source tool
 * ignores it as well. `changed`: it is done, yet not just so. `left out`: it is not done, so the plan is not what the script was, and a
 * person has to accept that.
 */
export interface ScriptDifference {
  readonly effect: 'noted' | 'changed' | 'left out';
  /** Of the script, from 1; undefined of what no line holds. */
  readonly line?: number | undefined;
  /** What, and why: a sentence without its full stop. */
  readonly what: string;
  /** Where in the plan a comment says it. */
  readonly at?: Path;
}

/** What a script becomes. */
export interface Conversion {
  /** Keys in the order in which they are written. */
  readonly plan: PlanInput;
  /** Files that the plan names, by name; they stand beside it. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly differences: readonly ScriptDifference[];
}

/** What a converter may learn beside the script. */
export interface ConvertOptions {
  /** Reads a file that the script names, relative to the script's folder, and none above it. @throws Error where it can't be read */
  read(path: string): Promise<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of a script that has several: `--environment`. */
  readonly environment?: string | undefined;
}

/**
 * How one tool's scripts become plans. `recognises` goes by content alone and is cheap; the first converter of the list that
 * recognises a script converts it. Nothing is sent, and no secret of a script gets into its plan.
 */
export interface Converter {
  /** As a person calls it: `Artillery script`. */
  readonly name: string;
  recognises(script: Script): boolean;
  /** @throws PlimsollError E-SCRIPT-REFUSED where nothing of it can be a plan */
  convert(script: Script, options: ConvertOptions): Promise<Conversion>;
}
