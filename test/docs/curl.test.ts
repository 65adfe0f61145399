import { expect, test } from 'vitest';
import { commandsOf, PAGES } from './pages.js';

/** Options that curl 7.61 has, of RHEL 8. Not `--json` (7.82), `--retry-all-errors` (7.71), `--fail-with-body` (7.76). */
const OLD_ENOUGH =
  /^(?:-[A-Za-z]|--(?:fail|retry|retry-connrefused|max-time|cacert|cert|key|data-binary|user|silent))$/;

const curls = PAGES.flatMap((page) =>
  commandsOf(page)
    .filter((command) => /(?:^|\s)curl /.test(command))
    .map((command) => [page.path, command] as const),
);

test('there are examples with curl', () => {
  expect(curls.length).toBeGreaterThan(5);
});

test.for(curls)('%s: %s', ([, command]) => {
  const unquoted = command.replaceAll(/'[^']*'|"[^"]*"/g, '');
  const options = [...unquoted.matchAll(/(?<=\s)--?[A-Za-z][a-z-]*/g)].map(([option]) => option);
  expect(options.filter((option) => !OLD_ENOUGH.test(option))).toEqual([]);
  // curl sends a form unless told otherwise.
  expect(!options.includes('-d') || command.includes("-H 'Content-Type: application/")).toBe(true);
});
