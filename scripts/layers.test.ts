/** Proves that the linter's rules about who imports whom hold: that each of them can fail. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProject, packageProgram } from './lib/project.mjs';

const protocol = ['protocol/errno', 'protocol/maybe', 'protocol/other'];
const belowController = ['volume/other', 'capability/other', ...protocol];
const aboveController = ['controller/other', ...belowController, 'errors'];
const importable = [
  ...['channel/other', 'worker/other', 'page/other', 'repl/other', 'playground/other'],
  ...['terminal/other', 'theme/other', 'display/other', 'editor/other', 'inspect/other'],
  ...['node/other', 'index', 'exports'],
  ...aboveController,
];

/** A module of each layer, and what it may import beside its own folder: nothing else. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'protocol/probe': [],
  'channel/probe': protocol,
  'worker/probe': ['channel/other', ...protocol],
  'volume/probe': ['protocol/errno', 'protocol/maybe'],
  'capability/probe': [...protocol, 'errors'],
  'controller/probe': ['channel/other', ...belowController, 'errors'],
  'controller/part/probe': ['controller/other', 'channel/other', ...belowController, 'errors'],
  'page/probe': ['controller/other', 'channel/other', ...protocol, 'errors'],
  'terminal/probe': aboveController,
  'theme/probe': [],
  'repl/probe': [...aboveController, 'theme/other', 'terminal/other', 'index'],
  'display/probe': [...aboveController, 'theme/other', 'index'],
  'editor/probe': [...aboveController, 'theme/other', 'terminal/other', 'repl/other', 'index'],
  'inspect/probe': [...aboveController, 'theme/other', 'terminal/other', 'index'],
  'playground/probe': [
    ...aboveController,
    ...['theme/other', 'terminal/other', 'repl/other', 'display/other', 'editor/other'],
    'inspect/other',
    'index',
  ],
  'node/probe': [...aboveController, 'channel/other', 'terminal/other', 'exports'],
  'node/worker-entry': ['channel/other', 'worker/other', ...protocol],
  index: [...aboveController, 'channel/other', 'page/other'],
};

interface Complaint {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

describe('the linter', () => {
  const project = mkdtempSync(join(tmpdir(), 'glovebox-layers-'));

  function put(path: string, text: string): void {
    const file = join(project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  function complaints(rule: string): readonly Complaint[] {
    const [program = '', ...args] = packageProgram('@biomejs/biome/bin/biome');
    const options = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none'];
    const { stdout } = spawnSync(program, [...args, ...options, `--only=${rule}`, '.'], {
      cwd: project,
      encoding: 'utf8',
    });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Complaint[] };
    return diagnostics.filter(({ category }) => category === `lint/${rule}`);
  }

  function specifier(from: string, to: string): string {
    const path = relative(dirname(from), to);
    return path.startsWith('.') ? path : `./${path}`;
  }

  const inOtherFolders = (layer: string): string[] =>
    importable.filter((module) => dirname(module) !== dirname(layer));

  beforeAll(() => copyFileSync(inProject('biome.json'), join(project, 'biome.json')));
  afterAll(() => rmSync(project, { recursive: true }));

  test('refuses every import that does not point down the layers, and no other', () => {
    // One import a line: the line of a complaint tells which module was refused.
    for (const layer of Object.keys(mayImport)) {
      const lines = inOtherFolders(layer).map((to) => `import '${specifier(layer, to)}';\n`);
      put(`src/${layer}.ts`, lines.join(''));
    }
    const refused = complaints('style/noRestrictedImports').map(({ location }) => {
      const layer = location.path.replace(/^src\/|\.ts$/g, '');
      return `${layer} → ${inOtherFolders(layer)[location.start.line - 1]}`;
    });
    const expected = Object.entries(mayImport).flatMap(([layer, allowed]) =>
      inOtherFolders(layer)
        .filter((module) => !allowed.includes(module))
        .map((module) => `${layer} → ${module}`),
    );
    expect(refused.sort()).toEqual(expected.sort());
  });

  test('refuses a way around through a longer path', () => {
    put('src/worker/detour.ts', "import './../controller/other';\nimport './a/../../index';\n");
    const detours = complaints('style/noRestrictedImports').filter(
      ({ location }) => location.path === 'src/worker/detour.ts',
    );
    expect(detours).toHaveLength(2);
  });

  test('lets tests import from every layer', () => {
    put('src/worker/probe.test.ts', "import '../controller/other';\n");
    const paths = complaints('style/noRestrictedImports').map(({ location }) => location.path);
    expect(paths).not.toContain('src/worker/probe.test.ts');
  });

  test('refuses modules that import each other', () => {
    put('src/volume/a.ts', "import { b } from './b';\nexport const a = () => b;\n");
    put('src/volume/b.ts', "import { a } from './a';\nexport const b = () => a;\n");
    const paths = complaints('suspicious/noImportCycles').map(({ location }) => location.path);
    expect(paths.sort()).toEqual(['src/volume/a.ts', 'src/volume/b.ts']);
  });
});
