/**
 * node comment.mjs FILE…: writes the files that there are into one comment of the pull request, and edits that comment the next time
 * (REST API, "Issue comments"). A fork's token may not write: then a warning says so, and nothing fails.
 */
import { existsSync, readFileSync } from 'node:fs';

const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_SERVER_URL, GITHUB_RUN_ID, GITHUB_TOKEN, NAME, PULL_REQUEST } =
  process.env;

/** No reader sees it; it is how the comment is found again. */
const MARK = `<!-- plimsoll: ${NAME} -->`;
/** The longest body that GitHub takes, less what stands around it. */
const MOST_LETTERS = 65_000;

const repository = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}`;

async function ask(url, method, body) {
  const headers = { authorization: `Bearer ${GITHUB_TOKEN}`, accept: 'application/vnd.github+json' };
  const reply = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status}`);
  return await reply.json();
}

async function earlier() {
  for (let page = 1; ; page += 1) {
    const comments = await ask(`${repository}/issues/${PULL_REQUEST}/comments?per_page=100&page=${page}`, 'GET');
    const found = comments.find(({ body }) => body?.startsWith(MARK));
    if (found !== undefined || comments.length < 100) return found;
  }
}

const files = process.argv.slice(2).filter((path) => existsSync(path));
const text = files.map((path) => readFileSync(path, 'utf8')).join('\n');
const shown = text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}\n\n…` : text;
const run = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
const body = { body: `${MARK}\n${shown}\n\n[The whole report](${run}) is an artifact of the run.\n` };

try {
  const comment = await earlier();
  if (comment === undefined) await ask(`${repository}/issues/${PULL_REQUEST}/comments`, 'POST', body);
  else await ask(`${repository}/issues/comments/${comment.id}`, 'PATCH', body);
} catch (error) {
  console.log(`::warning title=Plimsoll::The comment could not be written: ${error.message}`);
}
