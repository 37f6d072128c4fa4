import { readdirSync, readFileSync } from 'node:fs';

/** Something in a document that a reader would type into a shell: a block, or code within a line. */
export interface ShellCommand {
  readonly page: string;
  readonly line: number;
  readonly text: string;
  /** Whether the page says that no stand-in can execute it. */
  readonly accountOnly: boolean;
}

/** Blocks of the language `sh`, with how far they are indented; or code in a line, behind the words that mark it. */
const COMMAND = /^(?<indent> *)```sh\n(?<block>[^]*?)^ *```$|(?<mark>account only: )?(?<!`)`(?<inline>[^`\n]+)`/gm;

/** Code in a line is a command where it begins with one of these, or sets a variable by one. */
const BEGINS = /^(?:(?:[A-Z_]+=\$\()?(?:aws|npx|npm|docker|export) |[A-Z_]+=\$\(output )/;

/** In the order of the page. */
export function shellCommandsOf(page: string): ShellCommand[] {
  const text = readFileSync(page, 'utf8');
  return Array.from(text.matchAll(COMMAND)).flatMap(({ index, groups = {} }) => {
    const { indent = '', block, mark, inline = '' } = groups;
    const command = block?.replaceAll(new RegExp(`^${indent}`, 'gm'), '') ?? inline;
    if (block === undefined && !BEGINS.test(inline)) return [];
    const line = text.slice(0, index).split('\n').length;
    return [{ page, line, text: command, accountOnly: mark !== undefined }];
  });
}

/** Every page that is written for people, in this repository. */
export const pages = (): string[] => [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...['docs', 'examples', 'target'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];
