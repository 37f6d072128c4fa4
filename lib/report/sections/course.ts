import type { SectionOf } from './section.ts';

/** All charts on one time axis. Paper and pages draw; Markdown and terminals don't. */
export const course: SectionOf = () => ({
  id: 'charts',
  title: 'Course of the run',
  detail: true,
  blocks: [{ block: 'charts' }],
});
