/** Files that leave the page, and text that goes to the clipboard. */

/** Lets the browser save a file as it saves any. */
export function saveFile(name: string, type: string, parts: BlobPart[]): void {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it when the click is over; an address that is never given back keeps the file.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Whether the browser allowed it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
