import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import type { Notes } from '../building/notes.ts';
import { readScript, type ReadScript } from './scripts.ts';

/** A request of a collection, with what it has from the folders around it. */
export interface Item {
  readonly name: string;
  /** From the outside in. */
  readonly folders: readonly string[];
  readonly line: number | undefined;
  readonly request: Draft;
  readonly auth: unknown;
  readonly script: ReadScript;
}

interface Around {
  readonly folders: readonly string[];
  readonly auth: unknown;
}

const LONGEST_SHOWN = 60;

/** Every request in the order of the collection; what its scripts do beyond a plan is listed. */
export const itemsOf = (collection: Draft, lineOf: LineOf, notes: Notes): Item[] =>
  new ItemReader(lineOf, notes).inside(collection, 'the collection', { folders: [], auth: collection['auth'] });

type LineOf = (node: unknown) => number | undefined;

class ItemReader {
  readonly #lineOf: LineOf;
  readonly #notes: Notes;

  constructor(lineOf: LineOf, notes: Notes) {
    this.#lineOf = lineOf;
    this.#notes = notes;
  }

  /** The requests of a folder, whose own scripts are listed. */
  inside(folder: Draft, name: string, around: Around): Item[] {
    this.#script(folder, name);
    return asList(folder['item'])
      .map(asRecord)
      .flatMap((node) => this.#items(node, around));
  }

  #items(node: Draft, { folders, auth }: Around): Item[] {
    const name = asText(node['name']) ?? '';
    if (Array.isArray(node['item']))
      return this.inside(node, name, { folders: [...folders, name], auth: node['auth'] ?? auth });
    if (node['request'] === undefined || node['disabled'] === true) return [];
    const request = typeof node['request'] === 'string' ? { url: node['request'] } : asRecord(node['request']);
    const own = request['auth'] ?? node['auth'] ?? auth;
    return [{ name, folders, line: this.#lineOf(node), request, auth: own, script: this.#script(node, name) }];
  }

  #script(node: Draft, name: string): ReadScript {
    const events = asList(node['event']).map(asRecord);
    for (const event of events.filter((each) => each['listen'] !== 'test')) {
      const lines = linesOf(event);
      if (lines.some((line) => !/^\s*(?:$|\/\/)/.test(line)))
        this.#notes.leftOut(this.#lineOf(event), `the script before ${name} is not run: ${shown(lines)}`);
    }
    const script = readScript(events.filter((each) => each['listen'] === 'test').flatMap(linesOf));
    if (script.rest.length > 0)
      this.#notes.changed(this.#lineOf(node), `of the tests of ${name} not all are in the plan: ${shown(script.rest)}`);
    return script;
  }
}

function linesOf(event: Draft): string[] {
  const { exec } = asRecord(event['script']);
  return (Array.isArray(exec) ? exec : [exec]).flatMap((line: unknown) => asText(line)?.split('\n') ?? []);
}

const shown = (lines: readonly string[]): string => {
  const first = lines.map((line) => line.trim()).find((line) => line !== '' && !line.startsWith('//')) ?? '';
  return first.length > LONGEST_SHOWN ? `${first.slice(0, LONGEST_SHOWN - 1)}…` : first;
};
