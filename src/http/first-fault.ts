/**
 * Checks of lists that a client may make as long as the body allows. Each stops at the first fault and allocates
 * nothing for what is right, where a schema library collects an issue for each element and each branch. Pure.
 */
export interface Fault {
  path: readonly (string | number)[];
  message: string;
}

export type Check = (value: unknown) => Fault | null;

/** A text, or a list of what `item` takes. */
export function findTextOrListFault(item: Check): Check {
  return (value) => {
    if (typeof value === 'string') {
      return null;
    }
    return Array.isArray(value) ? findListFault(value, item) : fault('expected string or array');
  };
}

export function findListFault(list: readonly unknown[], item: Check): Fault | null {
  for (let place = 0; place < list.length; place += 1) {
    const found = item(list[place]);
    if (found !== null) {
      return { path: [place, ...found.path], message: found.message };
    }
  }
  return null;
}

/** What OpenAI takes as `input` and `prompt`: a text, texts, token ids or lists of them. The first element decides which. */
export function findInputFault(value: unknown): Fault | null {
  if (typeof value !== 'string' && !Array.isArray(value)) {
    return fault(`expected string or array, received ${nameType(value)}`);
  }
  if (value.length === 0) {
    return fault('expected string or array that is not empty');
  }
  if (typeof value === 'string') {
    return null;
  }
  const [first] = value as readonly unknown[];
  if (typeof first === 'string') {
    return findListFault(value, findFilledTextFault);
  }
  if (typeof first === 'number') {
    return findListFault(value, findTokenFault);
  }
  return Array.isArray(first)
    ? findListFault(value, findTokensFault)
    : { path: [0], message: `expected string, token id or array of token ids, received ${nameType(first)}` };
}

export function findTextFault(value: unknown): Fault | null {
  return typeof value === 'string' ? null : fault(`expected string, received ${nameType(value)}`);
}

/** An object with a `type`, as tools and parts of a content are. */
export function findTypedFault(value: unknown): Fault | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fault(`expected object, received ${nameType(value)}`);
  }
  const type: unknown = Reflect.get(value, 'type');
  return typeof type === 'string' ? null : fault(`expected string, received ${nameType(type)}`, 'type');
}

export function findPartFault(value: unknown): Fault | null {
  const found = findTypedFault(value);
  if (found !== null) {
    return found;
  }
  const { type, text } = value as { type: string; text?: unknown };
  return type === 'text' && typeof text !== 'string' ? fault('expected a string', 'text') : null;
}

function findFilledTextFault(value: unknown): Fault | null {
  return value === '' ? fault('expected string that is not empty') : findTextFault(value);
}

function findTokenFault(value: unknown): Fault | null {
  return Number.isSafeInteger(value) && Number(value) >= 0
    ? null
    : fault(
        `expected token id (a whole number from 0), received ${typeof value === 'number' ? value : nameType(value)}`,
      );
}

function findTokensFault(value: unknown): Fault | null {
  if (!Array.isArray(value)) {
    return fault(`expected array, received ${nameType(value)}`);
  }
  return value.length === 0 ? fault('expected array that is not empty') : findListFault(value, findTokenFault);
}

function fault(message: string, ...path: readonly string[]): Fault {
  return { path, message };
}

function nameType(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}
