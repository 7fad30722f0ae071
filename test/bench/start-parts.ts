/** Starts several processes that stop together, also where one of them does not start. */

interface Part {
  stop(): Promise<void>;
}

export type Keep = <T extends Part>(part: T) => T;

export async function startParts<T extends object>(start: (keep: Keep) => Promise<T>): Promise<T & Part> {
  const started: Part[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((part) => part.stop()));
  };
  try {
    const parts = await start((part) => {
      started.push(part);
      return part;
    });
    return { ...parts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
