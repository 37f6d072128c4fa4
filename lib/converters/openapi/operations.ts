import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import { methods } from '../../plan/steps/methods.ts';
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

/** Every operation, in the document's order; deprecated ones are left out where there are others. */
export function operationsOf(document: ApiDocument, notes: Notes): Operation[] {
  if (Object.keys(asRecord(document.root['webhooks'])).length > 0)
    notes.noted(document.lineOf(document.root['webhooks']), 'webhooks are requests of the service itself');
  const all = writtenIn(document);
  const beyond = all.splice(MOST_OPERATIONS).length;
  if (beyond > 0) notes.leftOut(undefined, `the last ${beyond} operations, with which the plan would be too large`);
  const current = all.filter(({ written }) => written['deprecated'] !== true);
  const areAllDeprecated = current.length === 0;
  if (areAllDeprecated && all.length > 0) notes.noted(undefined, 'every operation is deprecated; all are in the plan');
  return all.flatMap((each) => {
    if (each.written['deprecated'] === true && !areAllDeprecated) {
      notes.noted(document.lineOf(each.written), `${titleOf(each)} is deprecated, and not in the plan`);
      return [];
    }
    return operationOf(each, document, notes);
  });
}

interface Written {
  readonly path: string;
  readonly method: string;
  readonly shared: Draft;
  readonly written: Draft;
}

const titleOf = ({ method, path }: Written): string => `${method.toUpperCase()} ${path}`;

function writtenIn(document: ApiDocument): Written[] {
  return Object.entries(document.resolved(document.root['paths'])).flatMap(([path, item]) => {
    if (path.startsWith('x-')) return [];
    const shared = document.resolved(item);
    return Object.entries(shared).flatMap(([method, written]) =>
      [...methods, 'trace'].includes(method.toLowerCase())
        ? { path, method, shared, written: document.resolved(written) }
        : [],
    );
  });
}

function operationOf(each: Written, document: ApiDocument, notes: Notes): Operation {
  const { path, method, shared, written } = each;
  const line = document.lineOf(written);
  if (asList(written['servers'] ?? shared['servers']).length > 0)
    notes.changed(line, `${titleOf(each)} names servers of its own; the plan sends it to the target`);
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
