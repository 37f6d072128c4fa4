import { expect, test } from '@jest/globals';
import { warningsOf } from '../../../lib/environment/warnings.ts';
import { configurationOf } from '../infra/configurations.ts';

const { environment } = configurationOf('staging');
const people = ['on-call@example.org'];

test.each([
  [[], [], 'notifications.page and notifications.notice are empty, so no alarm and no result reaches anyone'],
  [[], people, 'notifications.page is empty, so no page reaches anyone'],
  [people, [], 'notifications.notice is empty, so no notice and no result reaches anyone'],
])('an environment that notifies no one is warned of: %j %j', (page, notice, sentence) => {
  const warnings = warningsOf({ ...environment, notifications: { page, notice } }, 'staging');
  expect(warnings).toEqual([`config/staging.yaml: ${sentence}; add an address`]);
});

test('one with addresses is not', () => {
  expect(warningsOf({ ...environment, notifications: { page: people, notice: people } }, 'staging')).toEqual([]);
});
