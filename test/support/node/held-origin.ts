/** An origin whose streams begin at once and go on when they are told to: so many are open at one time as a test wants. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HeldOrigin {
  url: string;
  /** Streams that have begun and not ended. */
  open(): number;
  /** Each gets so many more tokens and its end. */
  release(tokens: number): void;
  stop(): Promise<void>;
}

const token = (text: string): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'held',
    choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
  })}\n\n`;

export async function startHeldOrigin(): Promise<HeldOrigin> {
  const held = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      held.add(response);
      response.once('close', () => held.delete(response));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(token('one'));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', 4096, resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    open: () => held.size,
    release: (tokens) => {
      for (const response of held) {
        response.write(token(' more').repeat(tokens));
        response.end('data: [DONE]\n\n');
      }
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
