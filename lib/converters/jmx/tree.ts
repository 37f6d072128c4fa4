import { SaxesParser } from 'saxes';
import { messageOf, PlimsollError } from '../../errors.ts';

const DEEPEST = 200;
const MOST_NODES = 500_000;

/** An element of the XML; its properties are children with a name. */
export class XmlNode {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly line: number;
  readonly children: XmlNode[] = [];
  text = '';

  constructor(tag: string, attributes: Readonly<Record<string, string>>, line: number) {
    this.tag = tag;
    this.attributes = attributes;
    this.line = line;
  }

  /** The property of this name; older versions write `<doubleProp><name>…</name><value>…</value></doubleProp>`. */
  property(name: string): XmlNode | undefined {
    return this.children.find(
      (each) =>
        each.attributes['name'] === name || each.children.some(({ tag, text }) => tag === 'name' && text === name),
    );
  }

  /** The property's text; empty where there is none. */
  value(name: string): string {
    const found = this.property(name);
    return found?.children.find(({ tag }) => tag === 'value')?.text ?? found?.text ?? '';
  }

  isTrue(name: string): boolean {
    return this.value(name) === 'true';
  }

  /** The items of the property that is a collection. */
  items(name: string): readonly XmlNode[] {
    return this.property(name)?.children ?? [];
  }
}

/** A test element with what is below it. */
export interface TestElement {
  /** Without the package of a plugin: `UltimateThreadGroup`. */
  readonly kind: string;
  readonly name: string;
  readonly line: number;
  readonly node: XmlNode;
  readonly children: readonly TestElement[];
}

/**
 * The enabled elements of a test plan. Entities of its own are refused by the reader, so none multiply.
 * @throws PlimsollError E-SCRIPT-REFUSED
 */
export function readJmx(text: string): readonly TestElement[] {
  const root = readXml(text);
  const tree = root.children.find(({ tag }) => tag === 'hashTree');
  if (root.tag !== 'jmeterTestPlan' || tree === undefined)
    throw new PlimsollError('E-SCRIPT-REFUSED', 'It holds no test plan of JMeter.');
  return elementsIn(tree);
}

/** In a hashTree each element is followed by the hashTree of its children. */
function elementsIn(tree: XmlNode): TestElement[] {
  return tree.children.flatMap((node, at) => {
    if (node.tag === 'hashTree' || node.attributes['enabled'] === 'false') return [];
    const below = tree.children[at + 1];
    const children = below?.tag === 'hashTree' ? elementsIn(below) : [];
    const kind = node.tag.split('.').at(-1) ?? node.tag;
    return [{ kind, name: node.attributes['testname'] ?? kind, line: node.line, node, children }];
  });
}

function readXml(text: string): XmlNode {
  const parser = new SaxesParser();
  const open: XmlNode[] = [];
  let root: XmlNode | undefined;
  let count = 0;
  const refuse = (why: string): never => {
    throw new PlimsollError('E-SCRIPT-REFUSED', `Line ${parser.line} ${why}.`);
  };
  parser.on('error', (error) =>
    refuse(
      `is no XML: ${messageOf(error)
        .replace(/^\d+:\d+: /, '')
        .slice(0, 120)}`,
    ),
  );
  parser.on('opentag', ({ name, attributes }) => {
    const node = new XmlNode(name, attributes, parser.line);
    count += 1;
    if (open.length > DEEPEST) refuse(`is nested more than ${DEEPEST} levels deep`);
    if (count > MOST_NODES) refuse(`is beyond the ${MOST_NODES} elements that are read`);
    if (open.length === 0) root = node;
    else open.at(-1)?.children.push(node);
    open.push(node);
  });
  const addText = (piece: string): void => {
    const node = open.at(-1);
    if (node !== undefined) node.text += piece;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => void open.pop());
  parser.write(text.replace(/^\uFEFF/, '')).close();
  return root ?? refuse('is no XML');
}
