/**
 * What comes from the guest must not reach a terminal as control characters. JSON escapes those below space; this does
 * it for the rest of them and the odd separators.
 */
export function escapeControls(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
