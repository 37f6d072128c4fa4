import { createRequire } from 'node:module';
import type { SaxesParser, SaxesTagPlain } from 'saxes';
import type { XmlPath, XmlStep } from '../../../lib/plan/steps/xml-path.ts';

/** Loaded where a plan reads XML, since few do. */
const require = createRequire(import.meta.url);

interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly inner: (XmlElement | string)[];
}

/** Deeper than any document that a service sends; what reads it recurses once a level. */
const DEEPEST = 1000;

/** The element that holds the document's root; undefined of what is no XML. Entities of a document's own are refused, and expand nothing. */
export function parseXml(text: string): XmlElement | undefined {
  const { SaxesParser: Parser } = require('saxes') as { readonly SaxesParser: new () => SaxesParser };
  const parser = new Parser();
  const top: XmlElement = { name: '', attributes: {}, inner: [] };
  const open: XmlElement[] = [top];
  const add = (inner: XmlElement | string): void => void open.at(-1)?.inner.push(inner);
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    if (open.length > DEEPEST) throw new RangeError(`more than ${DEEPEST} elements within each other`);
    const element = { name, attributes, inner: [] };
    add(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('error', (error) => {
    throw error;
  });
  try {
    parser.write(text).close();
    return top;
  } catch {
    return undefined;
  }
}

/** Every value at the path, in the document's order: attributes, or texts of elements with all that stands in them. */
export function xmlValuesAt({ steps, attribute }: XmlPath, top: XmlElement): string[] {
  const found = steps.reduce((elements, step) => [...new Set(elements.flatMap((each) => below(each, step)))], [top]);
  if (attribute === undefined) return found.map(textOfElement);
  return found.flatMap(({ attributes }) => {
    const name = Object.keys(attributes).find((each) => isCalled(each, attribute));
    return name === undefined ? [] : (attributes[name] ?? []);
  });
}

function below(element: XmlElement, step: XmlStep): XmlElement[] {
  const own = element.inner.filter((each) => typeof each !== 'string');
  const matching = own.filter(({ name }) => isCalled(name, step.name));
  const taken = step.nth === undefined ? matching : matching.slice(step.nth - 1, step.nth);
  if (!step.anywhere) return taken;
  const isTaken = new Set(taken);
  return own.flatMap((each) => [...(isTaken.has(each) ? [each] : []), ...below(each, step)]);
}

const isCalled = (name: string, wanted: string): boolean =>
  wanted === '*' || name === wanted || (!wanted.includes(':') && name.endsWith(`:${wanted}`));

const textOfElement = ({ inner }: XmlElement): string =>
  inner.map((each) => (typeof each === 'string' ? each : textOfElement(each))).join('');
