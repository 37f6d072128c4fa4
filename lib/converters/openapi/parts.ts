import { posix } from 'node:path';
import type { ConvertOptions, Script } from '../converter.ts';
import { type LocatedDocument, parseLocatedJson } from '../building/located-json.ts';
import { parseLocatedYaml } from '../building/located-yaml.ts';

/** One file of a document. */
interface Part {
  /** Relative to the folder of the document. */
  readonly path: string;
  readonly document: LocatedDocument;
}

/** Documents in parts have a file for each path and schema, of some kilobytes. */
const MOST_PARTS = 1000;
const MOST_LETTERS = 8_000_000;

const REFERENCE = /\$ref["']?\s*:\s*(?:"([^"#\n]+)|'([^'#\n]+)|([^"'#\s,}]+))/g;

/** The file that was given, and those beside it to which references lead. */
export class DocumentParts {
  readonly root: LocatedDocument;
  readonly #parts = new Map<string, Part>();
  readonly #unread = new Set<string>();
  /** Of what lies in any part but the root. */
  readonly #owners = new WeakMap<object, Part>();
  readonly #rootPath: string;
  #letters = 0;

  private constructor({ path, text }: Script) {
    this.#rootPath = posix.basename(path.replaceAll('\\', '/'));
    this.root = parsed(text);
    this.#parts.set(this.#rootPath, { path: this.#rootPath, document: this.root });
  }

  /**
   * Reads all parts of a document. What can't be read is passed over: most references of a document are followed by no plan.
   * @throws PlimsollError E-SCRIPT-REFUSED of the document itself
   */
  static async read(script: Script, { read }: Pick<ConvertOptions, 'read'>): Promise<DocumentParts> {
    const parts = new DocumentParts(script);
    const open = pathsIn(script.text, parts.#rootPath);
    for (const path of open) {
      if (parts.#parts.has(path) || parts.#unread.has(path)) continue;
      try {
        const text = new TextDecoder().decode(await read(path));
        parts.#add(path, text);
        open.push(...pathsIn(text, path));
      } catch {
        parts.#unread.add(path);
      }
    }
    return parts;
  }

  /** The part to which a reference leads that stands in `from`; undefined where it is none that was read. */
  partFor(from: object, file: string): LocatedDocument | undefined {
    const own = this.#owners.get(from)?.path ?? this.#rootPath;
    return this.#parts.get(file === '' ? own : pathFrom(own, file))?.document;
  }

  /** Of what lies in the file that was given; undefined of anything else. */
  lineOf(node: unknown): number | undefined {
    return this.root.lineOf(node);
  }

  #add(path: string, text: string): void {
    this.#letters += text.length;
    if (this.#parts.size > MOST_PARTS || this.#letters > MOST_LETTERS)
      throw new Error('the document has too many parts');
    const part = { path, document: parsed(text) };
    this.#parts.set(path, part);
    const open: unknown[] = [part.document.value];
    for (let node = open.pop(); open.length > 0 || node !== undefined; node = open.pop()) {
      if (typeof node !== 'object' || node === null || this.#owners.has(node)) continue;
      this.#owners.set(node, part);
      open.push(...Object.values(node));
    }
  }
}

function parsed(text: string): LocatedDocument {
  const plain = text.replace(/^\uFEFF/, '');
  return /^\s*\{/.test(plain) ? parseLocatedJson(plain) : parseLocatedYaml(plain);
}

const pathFrom = (path: string, file: string): string => posix.join(posix.dirname(path), decoded(file));

/** Files that a text refers to; an address is none. */
const pathsIn = (text: string, path: string): string[] =>
  [...text.matchAll(REFERENCE)].flatMap(([, double, single, bare]) => {
    const file = double ?? single ?? bare ?? '';
    return /^(?:[a-z][a-z\d+.-]*:|\/)/i.test(file) ? [] : pathFrom(path, file);
  });

const decoded = (file: string): string => {
  try {
    return decodeURIComponent(file);
  } catch {
    return file;
  }
};
