import { expect, test } from '@jest/globals';
import { typedName } from '../../bin/paths.ts';

test.each([
  ['by its own name', {}, 'plimsoll'],
  [
    'in a checkout',
    { npm_lifecycle_event: 'start', npm_package_name: 'plimsoll', INIT_CWD: '/here' },
    'npm run -s plimsoll --',
  ],
  [
    'by an alias, from elsewhere',
    { npm_lifecycle_event: 'plimsoll', npm_package_name: 'plimsoll', INIT_CWD: '/there' },
    'plimsoll',
  ],
  ['by npx', { npm_lifecycle_event: 'npx', npm_package_name: 'shop', INIT_CWD: '/here' }, 'npx plimsoll'],
  ['by npx, in a folder without a package', { npm_lifecycle_event: 'npx' }, 'npx plimsoll'],
])('called %s, it is typed so again', (_, environment, name) => {
  expect(typedName(environment, '/here')).toBe(name);
});
