/** What can be shown: data only, of which nothing has been trusted yet but its type and its size. */
import type { Drawing } from './drawing';
import type { PictureKind } from './picture';

/** Text that something of the page's makes pictures of, each in its own way. */
export type TextKind = 'text' | 'error' | 'html' | 'markdown' | 'svg' | 'latex';

export interface TextContent {
  readonly kind: TextKind;
  readonly text: string;
  /** What it shows, for those who don't see it; may be empty. */
  readonly alt: string;
}

export interface PictureContent {
  readonly kind: 'picture';
  readonly format: PictureKind;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In pixels, as its header says. */
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

export interface TableContent {
  readonly kind: 'table';
  readonly columns: readonly string[];
  /** By column: whether it holds numbers. */
  readonly numeric: readonly boolean[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that there are, shown or not; -1: more than are shown, and nobody has counted them. */
  readonly totalRows: number;
  readonly totalColumns: number;
  readonly caption: string;
}

export interface CanvasContent {
  readonly kind: 'canvas';
  readonly drawing: Drawing;
}

export type Content = TextContent | PictureContent | TableContent | CanvasContent;

export interface DisplayItem {
  /** Of its place on the page: another one in it has the same key. */
  readonly key: number;
  /** Under which the guest replaces it. */
  readonly id: string | undefined;
  readonly content: Content;
  readonly bytes: number;
}

/** What the guest asks the user. */
export interface Question {
  readonly title: string;
  readonly prompt: string;
  /** What stands in the field at first. */
  readonly initial: string;
  /** What was wrong with the answer before; empty for the first time. */
  readonly note: string;
  /** Called once, with the text or with null for none. */
  readonly answer: (text: string | null) => void;
}
