/** One step down a tree of XML elements. */
export interface XmlStep {
  /** As it stands in the text, or without its prefix; `*` is any. */
  readonly name: string;
  /** At any depth below, and not only right below. */
  readonly anywhere: boolean;
  /** Of those in one element that match, this one, from 1; all where it is not given. */
  readonly nth?: number;
}

export interface XmlPath {
  readonly steps: readonly XmlStep[];
  /** The attribute to take; without one it is the element's text. */
  readonly attribute?: string;
}

const NAME = String.raw`[\p{L}_][\p{L}\p{N}\p{M}_.-]*(?::[\p{L}_][\p{L}\p{N}\p{M}_.-]*)?`;
const STEP = new RegExp(String.raw`(\/\/?)(${NAME}|\*)(?:\[([1-9]\d{0,8})\])?`, 'uy');
const ATTRIBUTE = new RegExp(String.raw`\/@(${NAME})$`, 'uy');

/** The part of XPath that needs no more than names: `/order/item[2]/@id`, `//price`, `/*` + `/title`; undefined of any other text. */
export function parseXmlPath(text: string): XmlPath | undefined {
  const steps: XmlStep[] = [];
  let at = 0;
  for (;;) {
    STEP.lastIndex = at;
    const [whole, slashes, name, nth] = STEP.exec(text) ?? [];
    if (whole === undefined || name === undefined) break;
    steps.push({ name, anywhere: slashes === '//', ...(nth !== undefined && { nth: Number(nth) }) });
    at += whole.length;
  }
  ATTRIBUTE.lastIndex = at;
  const attribute = ATTRIBUTE.exec(text)?.[1];
  if (steps.length === 0 || (at < text.length && attribute === undefined)) return undefined;
  return { steps, ...(attribute !== undefined && { attribute }) };
}
