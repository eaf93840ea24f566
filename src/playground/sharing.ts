/** A project as a link: its texts, as far as they are texts. */
import type { VolumeFiles } from '../index';
import type { PlaygroundDialog } from './dialog-element';
import { textOf } from './file-content';
import type { Project } from './project';
import { MOST_FILES, MOST_TEXT_BYTES, ShareLinkError, shareFragment } from './share-link';

interface Gathered {
  readonly files: Map<string, string>;
  /** Files that a link does not hold. */
  leftOut: number;
}

/** Shows the link, and copies it where the user wants that. */
export async function share(
  project: Project,
  main: string,
  dialog: PlaygroundDialog,
): Promise<void> {
  const gathered: Gathered = { files: new Map(), leftOut: 0 };
  try {
    await gather(project.files, '', gathered, main);
    const link = new URL(shareFragment({ files: gathered.files, main }), location.href).href;
    const answer = await dialog.ask({
      title: 'Share by link',
      text: textFor(gathered, link),
      input: { label: 'Link', value: link },
      choices: [{ value: 'copy', label: 'Copy', kind: 'primary' }],
    });
    if (answer !== undefined) await navigator.clipboard.writeText(link);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await dialog.tell('This can not be shared by link', message);
  }
}

/** Links of this length are cut off by some programs that people send them with. */
const LONG_LINK = 8_000;

function textFor({ files, leftOut }: Gathered, link: string): string {
  const count = files.size === 1 ? '1 file' : `${files.size} files`;
  const left = leftOut === 0 ? '' : ` ${leftOut} that are no text stay here.`;
  const long = link.length > LONG_LINK ? ` It is long (${link.length} characters).` : '';
  return `The link itself holds ${count}: no server stores anything.${left}${long}`;
}

async function gather(
  files: VolumeFiles,
  folder: string,
  gathered: Gathered,
  main: string,
): Promise<void> {
  for (const { name, kind, size } of await files.list(folder)) {
    // What a program or the prompt keeps for itself, not what it is.
    if (name.startsWith('.') || name === '__pycache__') continue;
    const path = folder === '' ? name : `${folder}/${name}`;
    if (kind === 'directory') {
      await gather(files, path, gathered, main);
      continue;
    }
    const isTooMuch = gathered.files.size > MOST_FILES;
    if (isTooMuch) throw new ShareLinkError('large', `A link holds at most ${MOST_FILES} files.`);
    const text =
      kind === 'file' && size <= MOST_TEXT_BYTES ? textOf(await files.read(path)) : undefined;
    if (text === undefined) gathered.leftOut += 1;
    else gathered.files.set(path, text);
  }
}
