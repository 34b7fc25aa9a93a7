// What the server is sent of the editor's settings: its own keys, and none of the extension's.

/** The keys that the server knows. */
export const KEYS = ["inlayHints", "device", "settings"] as const;

/** Where settings are read, such as VS Code's configuration. */
export interface Readable {
  get(key: string): unknown;
}

/** The settings of the server. */
export function wanted(settings: Readable): Record<string, unknown> {
  return Object.fromEntries(KEYS.map((key) => [key, settings.get(key)]));
}
