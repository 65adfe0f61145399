import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../tools/engine/project-root.js';
import { PAGES, type Page, read } from './pages.js';

interface Link {
  readonly path: string;
  readonly anchor: string | undefined;
}

/** Links into this repository, by their path from its root. */
function linksOf({ path, text }: Page): readonly Link[] {
  const prose = text.replace(/^ *```[^]*?^ *```/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor] = target.split('#');
      return { path: file === '' ? path : normalize(join(dirname(path), decodeURI(file))), anchor };
    });
}

/** As the usual hosts make them from headings. */
function anchorsOf(text: string): readonly string[] {
  const headings = [...text.replace(/^ *```[^]*?^ *```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title);
  return headings.map((title) =>
    title
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.for(PAGES.map((page) => [page.path, page] as const))('every link of %s leads somewhere', ([, page]) => {
  const broken = linksOf(page).filter(({ path, anchor }) => {
    if (!existsSync(join(projectRoot, path))) return true;
    return anchor !== undefined && path.endsWith('.md') && !anchorsOf(read(path)).includes(anchor);
  });
  expect(broken).toEqual([]);
});

describe('the index', () => {
  const linked = (path: string) => linksOf({ path, text: read(path) }).map((link) => link.path);
  const reached = new Set([...linked('docs/README.md'), ...linked('docs/how-to/send-alerts.md')]);

  test.for(PAGES.map(({ path }) => path).filter((path) => path.startsWith('docs/') && path !== 'docs/README.md'))(
    'leads to %s',
    (path) => {
      expect(reached).toContain(path);
    },
  );
});
