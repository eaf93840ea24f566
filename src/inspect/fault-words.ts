/** What went wrong with a session, in words for who uses the page. */
import {
  BusyError,
  DisposedError,
  EndedError,
  GloveboxError,
  ImageError,
  type ImageFault,
  StorageError,
} from '../errors';
import { shownLine } from '../terminal/shown-text';

const FAULTS: Readonly<Record<ImageFault, string>> = {
  foreign: 'This is no saved session.',
  version: 'It was saved by another version of this page, which this one does not understand.',
  build: 'It was saved with another version of Python than the one of this page.',
  base: 'It was saved with another version of Python than the one of this page.',
  damaged: 'The file is damaged: it was cut short or changed.',
  signature: 'It was not saved by whom it should have been.',
  size: 'It is larger than this page allows.',
  mount: 'The folders of this page are other ones than those that it was saved with.',
  file: 'A file that was open then is not there any more.',
};

export function faultInWords(error: unknown): string {
  if (error instanceof ImageError) return FAULTS[error.reason];
  if (error instanceof BusyError) {
    return 'Something is running: stop it first, or wait until it is over.';
  }
  if (error instanceof EndedError) return 'Python has ended: restart it first.';
  if (error instanceof DisposedError) return 'This Python is gone.';
  if (error instanceof StorageError) {
    return `The browser did not store it (${shownLine(error.message, 200)}). Saving it as a file still works.`;
  }
  return error instanceof GloveboxError
    ? shownLine(error.message, 200)
    : 'Something went wrong that should not have.';
}
