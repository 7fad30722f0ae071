/** A setting that cannot be started with. Its message is one line: field, expectation, value received. */
export class SettingsError extends Error {
  constructor(field: string, expected: string, received: string) {
    super(`Perigee cannot start: ${field}: expected ${expected}, received ${received}`);
    this.name = 'SettingsError';
  }
}

/** A value as shown in an error, short and on one line. */
export function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  if (text.includes('://')) {
    return 'something with a URL, which is not shown, since it may hold a secret';
  }
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
