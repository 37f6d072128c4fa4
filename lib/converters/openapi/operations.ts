import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import { methods } from '../../plan/steps/http.ts';
import type { Notes } from '../building/notes.ts';
import type { ApiDocument } from './document.ts';

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly written: Draft;
}

/** An operation of the document, with what it has from its path. */
export interface Operation {
  readonly line: number | undefined;
  readonly method: string;
  /** As the document writes it: `/pets/{petId}`. */
  readonly path: string;
  readonly id: string | undefined;
  readonly tag: string;
  readonly parameters: readonly Parameter[];
  readonly written: Draft;
}

/** A plan has no room for more: the largest public documents have some thousand. */
const MOST_OPERATIONS = 15_000;

/** Every operation, in the document's order; deprecated ones and those of other servers are left out. */
export function operationsOf(document: ApiDocument, notes: Notes): Operation[] {
  let count = 0;
  if (Object.keys(asRecord(document.root['webhooks'])).length > 0)
    notes.noted(document.lineOf(document.root['webhooks']), 'webhooks are requests of the service itself');
  const found = Object.entries(asRecord(document.root['paths'])).flatMap(([path, item]) => {
    const shared = document.resolved(item);
    if (path.startsWith('x-')) return [];
    return Object.entries(shared).flatMap(([method, written]) => {
      if (![...methods, 'trace'].includes(method.toLowerCase())) return [];
      count += 1;
      if (count > MOST_OPERATIONS) return [];
      return operationOf({ path, method, shared, written: asRecord(written) }, document, notes) ?? [];
    });
  });
  if (count > MOST_OPERATIONS)
    notes.leftOut(undefined, `the last ${count - MOST_OPERATIONS} operations, with which the plan would be too large`);
  return found;
}

interface Written {
  readonly path: string;
  readonly method: string;
  readonly shared: Draft;
  readonly written: Draft;
}

function operationOf(
  { path, method, shared, written }: Written,
  document: ApiDocument,
  notes: Notes,
): Operation | undefined {
  const line = document.lineOf(written);
  const title = `${method.toUpperCase()} ${path}`;
  if (written['deprecated'] === true) {
    notes.noted(line, `${title} is deprecated, and not in the plan`);
    return undefined;
  }
  if (asList(written['servers'] ?? shared['servers']).length > 0)
    notes.changed(line, `${title} names servers of its own; the plan sends it to the target`);
  return {
    line,
    method: method.toLowerCase(),
    path: path.split(/[?#]/)[0] ?? path,
    id: asText(written['operationId']),
    tag: asText(asList(written['tags'])[0]) ?? resourceOf(path),
    parameters: parametersOf([...asList(shared['parameters']), ...asList(written['parameters'])], document),
    written,
  };
}

/** The first part of a path that is no version and no parameter: `/api/v1/pets/{id}` is of `pets`. */
const resourceOf = (path: string): string =>
  path.split('/').find((part) => part !== '' && !/^(?:api|rest|v\d[\d.]*|\{.*)$/i.test(part)) ?? 'api';

/** An operation's own win over its path's (OpenAPI 3.1 §4.8.10). */
function parametersOf(written: readonly unknown[], document: ApiDocument): Parameter[] {
  const all = written
    .map((each) => document.resolved(each))
    .flatMap((each): Parameter[] => {
      const [name, place] = [asText(each['name']), asText(each['in'])];
      return name === undefined || place === undefined
        ? []
        : [{ name, in: place, required: each['required'] === true, written: each }];
    });
  return [...new Map(all.map((each) => [`${each.in} ${each.name}`, each])).values()];
}

/** The class of the successful replies that are documented: `2xx`, or `3xx` where there are only redirects. */
export function successOf({ written }: Operation): string | undefined {
  const statuses = Object.keys(asRecord(written['responses']));
  return ['2', '3']
    .filter((first) => statuses.some((status) => status.startsWith(first)))
    .map((first) => `${first}xx`)[0];
}
