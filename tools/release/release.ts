import { createHash } from 'node:crypto';
import { entryOf, unreleased } from './changelog.js';

/** What a release is made from. */
export interface ReleaseSource {
  /** Of `package.json`. */
  readonly version: string;
  /** Of `package-lock.json`. */
  readonly lockedVersion: string;
  readonly changelog: string;
  /** `git status --porcelain` */
  readonly uncommitted: string;
}

/** Everything that keeps it from being released; nothing where it can be. */
export function whyNot({ version, lockedVersion, changelog, uncommitted }: ReleaseSource): readonly string[] {
  const changed = uncommitted.split('\n').filter((line) => line !== '');
  return [
    ...(changed.length === 0
      ? []
      : [
          `What is not committed: ${changed[0]?.slice(3)}${changed.length > 1 ? ` and ${changed.length - 1} more` : ''}. Commit or remove it.`,
        ]),
    ...(lockedVersion === version
      ? []
      : [
          `package-lock.json has the version ${lockedVersion}, package.json ${version}: npm install --package-lock-only`,
        ]),
    ...(entryOf(changelog, version) === null
      ? [`CHANGELOG.md has no entry "## [${version}] - <date>" with a text below it.`]
      : []),
    ...(unreleased(changelog) === ''
      ? []
      : [
          `CHANGELOG.md lists changes as [Unreleased], which the package of ${version} would have: move them into its entry.`,
        ]),
  ];
}

/** The text of a release: its entry of the changelog, and how to check and install what is attached. */
export function notesOf(name: string, version: string, changelog: string): string {
  const entry = entryOf(changelog, version);
  if (entry === null) throw new Error(`The changelog has no entry of ${version}`);
  return `# ${name} ${version} (${entry.date})

${entry.body}

## Install

\`\`\`
sha256sum --check SHA256SUMS
npm install ./${name}-${version}.tgz
npx ${name} --version
\`\`\`

\`${name}-${version}.cdx.json\` is the bill of materials (CycloneDX 1.5) of what is installed with it.
`;
}

/** As `sha256sum --check` reads it. */
export const checksumsOf = (files: Readonly<Record<string, Uint8Array | string>>): string =>
  Object.entries(files)
    .map(([name, content]) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`)
    .join('');
