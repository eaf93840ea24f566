/** How a page looks: `auto` is what the system prefers. */
export type Theme = 'light' | 'dark' | 'auto';

export function isTheme(value: unknown): value is Theme {
  return value === 'light' || value === 'dark' || value === 'auto';
}
