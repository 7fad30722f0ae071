/** A setting that cannot be started with. Its message is one line: field, expectation, value received. */
export class SettingsError extends Error {
  readonly field: string;
  /** The same without what it means for the start. */
  readonly reason: string;

  constructor(field: string, expected: string, received: string) {
    const reason = `${field}: expected ${expected}, received ${received}`;
    super(`Perigee cannot start: ${reason}`);
    this.name = 'SettingsError';
    this.field = field;
    this.reason = reason;
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
