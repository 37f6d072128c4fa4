import type { LabFault } from './catalogue.ts';

/** The page of a fault in docs/lab, as Markdown: a test holds the file equal to it. `caption` is that of its picture, if it has one. */
export function labPage(
  { name, title, bottleneck, alsoRight, endpoint, parameters, experiment }: LabFault,
  caption?: string,
): string {
  const settings = Object.entries(parameters).map(
    ([key, { minimum, maximum, default: value }]) =>
      `| \`${key}\` | ${value} | ${experiment.parameters[key] ?? value} | ${minimum} to ${maximum} |`,
  );
  const also = alsoRight.length === 0 ? '' : ` (right as well: ${alsoRight.map((id) => `\`${id}\``).join(', ')})`;
  const picture =
    caption === undefined ? '' : `\n\n![${title}, in charts of the report](pictures/${name}.svg)\n\n${caption}`;
  const parts: readonly (readonly [string, string])[] = [
    ['What happens', experiment.happens],
    ['Why it hurts', experiment.why],
    ['How it looks in the report', `${experiment.signs}${picture}`],
    ['How to prevent it', experiment.prevention],
  ];
  return [
    `# ${name}`,
    `${title}. The bottleneck is \`${bottleneck}\`${also}.`,
    ...parts.map(([heading, text]) => `## ${heading}\n\n${text}`),
    `## Try it\n\n\`\`\`sh\nplimsoll lab run ${name}\n\`\`\``,
    ...(settings.length === 0
      ? []
      : [`| parameter | default | in the experiment | bounds |\n|---|---|---|---|\n${settings.join('\n')}`]),
    ...(endpoint === undefined
      ? []
      : [`A single request does it once, in a service of the lab: \`${endpoint}\`${query(parameters)}.`]),
    '[All faults](README.md)\n',
  ].join('\n\n');
}

const query = (parameters: LabFault['parameters']): string => {
  const pairs = Object.entries(parameters).map(([key, each]) => `${key}=${each.default}`);
  return pairs.length === 0 ? '' : ` with \`?${pairs.join('&')}\``;
};

/** The fault's row in the table of docs/lab/README.md. */
export const labRow = ({ name, bottleneck, title }: LabFault): string =>
  `| [${name}](${name}.md) | \`${bottleneck}\` | ${title} |`;
