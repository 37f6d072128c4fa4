import { showTime } from '../../numbers.ts';
import type { Report } from '../../report.ts';
import { html, type Html } from './markup.ts';

/** What makes the run and its plan known again. */
export const footer = ({ summary: { run, plan } }: Report): Html =>
  html`<footer>
    <p>
      Run <code>${run.id}</code>, ended ${showTime(run.endedAt)}. Plan
      <code>${plan.sha256.slice(0, 12)}</code> (SHA-256). Plimsoll ${run.version}.
    </p>
  </footer>`;
