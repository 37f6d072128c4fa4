import { asRecord, type Draft } from '../../plan/draft.ts';
import type { Notes } from '../building/notes.ts';
import type { DocumentParts } from './parts.ts';

/** A chain of references that is longer leads in a circle. */
const LONGEST_CHAIN = 50;

/** An OpenAPI document whose references are followed where they lead, within the document and the files beside it. */
export class ApiDocument {
  readonly root: Draft;
  /** 2 for Swagger 2.0. */
  readonly major: 2 | 3;
  readonly #parts: DocumentParts;
  readonly #notes: Notes;

  constructor(parts: DocumentParts, notes: Notes) {
    this.root = asRecord(parts.root.value);
    this.major = this.root['swagger'] === undefined ? 3 : 2;
    this.#parts = parts;
    this.#notes = notes;
  }

  lineOf(node: unknown): number | undefined {
    return this.#parts.lineOf(node);
  }

  /** The map itself, or what it refers to; empty where that isn't in the document. */
  resolved(node: unknown): Draft {
    let found = asRecord(node);
    for (let count = 0; count < LONGEST_CHAIN && typeof found['$ref'] === 'string'; count += 1)
      found = this.#followed(found, found['$ref']);
    return typeof found['$ref'] === 'string' ? {} : found;
  }

  #followed(from: Draft, reference: string): Draft {
    const [file = '', pointer = ''] = reference.split('#');
    const part = this.#parts.partFor(from, file);
    if (part === undefined) {
      this.#notes.leftOut(
        this.lineOf(from),
        `${reference.slice(0, 100)} is not read: references are followed within the document and into files below its folder`,
      );
      return {};
    }
    const path = pointer.split('/').slice(1).map(decodedPart);
    const found = path.reduce<unknown>(
      (value, key) => (Array.isArray(value) ? value[Number(key)] : own(asRecord(value), key)),
      part.value,
    );
    if (found === undefined)
      this.#notes.changed(this.lineOf(from), `${reference.slice(0, 100)} is nowhere in the document`);
    return asRecord(found);
  }
}

const own = (map: Draft, key: string): unknown => (Object.hasOwn(map, key) ? map[key] : undefined);

/** RFC 6901 §3 and §6. */
const decodedPart = (part: string): string => {
  const plain = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
};
