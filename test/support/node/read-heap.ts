/** Asks an isolate over the inspector's protocol what its heap holds. */

/** `inspector`: the isolate's own address. Bytes in use: JavaScript's, what it holds of workerd's, and buffers. */
export async function readHeapBytes(inspector: URL): Promise<number> {
  const socket = new WebSocket(inspector);
  try {
    await once(socket, 'open');
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.getHeapUsage' }));
    for (;;) {
      const { data } = (await once(socket, 'message')) as MessageEvent<string>;
      const { id, result } = JSON.parse(data) as { id?: number; result?: Record<string, unknown> };
      if (id === 1) {
        return (
          toBytes(result, 'usedSize') + toBytes(result, 'embedderHeapUsedSize') + toBytes(result, 'backingStorageSize')
        );
      }
    }
  } finally {
    socket.close();
  }
}

function toBytes(result: Record<string, unknown> | undefined, field: string): number {
  const value = result?.[field];
  if (typeof value !== 'number') {
    throw new Error(`Runtime.getHeapUsage: expected ${field}, received ${JSON.stringify(result)}`);
  }
  return value;
}

function once(socket: WebSocket, event: 'open' | 'message'): Promise<Event> {
  return new Promise((resolve, reject) => {
    socket.addEventListener(event, resolve, { once: true });
    socket.addEventListener('close', () => reject(new Error(`${socket.url}: closed before its ${event}`)), {
      once: true,
    });
  });
}
