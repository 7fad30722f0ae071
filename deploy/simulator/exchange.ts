/**
 * One HTTP answer in the making. Waits and writes settle at once when the client leaves, so whoever drives it checks
 * `isOpen` after each. A write settles when the socket takes more: a slow reader slows the answer.
 */
import type { ServerResponse } from 'node:http';
import type { Problem } from './problem.ts';
import { toErrorBody } from './problem.ts';

/** The answer is out, was cut by us, or the client left before its end. */
export type Ending = 'completed' | 'cut' | 'aborted';

export interface WholeAnswer {
  status: number;
  contentType: string;
  body: string | Uint8Array;
  headers?: Record<string, string>;
}

export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** Node's timers fire at once beyond it. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class Exchange {
  isOpen = true;
  /** Network delay before the first byte of the answer. */
  returnDelayMs = 0;
  readonly #response: ServerResponse;
  readonly #region: string;
  #wasCut = false;
  /** Settles what is being waited for. */
  #wake: (() => void) | null = null;

  constructor(response: ServerResponse, region: string) {
    this.#response = response;
    this.#region = region;
    response.once('close', () => {
      this.isOpen = false;
      this.#wake?.();
    });
    response.on('drain', () => this.#wake?.());
  }

  /** In the time of `performance.now()`. */
  waitUntil(timeMs: number): Promise<void> | undefined {
    const leftMs = timeMs - performance.now();
    if (leftMs <= 0 || !this.isOpen) {
      return undefined;
    }
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(leftMs, MAX_TIMER_MS));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  onceClosed(callback: (ending: Ending) => void): void {
    this.#response.once('close', () => {
      callback(this.#wasCut ? 'cut' : this.#response.writableFinished ? 'completed' : 'aborted');
    });
  }

  begin(status: number, headers: Record<string, string | number>): void {
    this.#response.writeHead(status, { 'x-simulator-region': this.#region, ...headers });
  }

  write(text: string | Uint8Array): Promise<void> | undefined {
    if (!this.isOpen || this.#response.write(text)) {
      return undefined;
    }
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  end(): void {
    this.#response.end();
  }

  /** After `returnDelayMs`, with its length, in one go. */
  async answer({ status, contentType, body, headers }: WholeAnswer): Promise<void> {
    if (this.returnDelayMs > 0) {
      await this.waitUntil(performance.now() + this.returnDelayMs);
    }
    if (!this.isOpen) {
      return;
    }
    this.begin(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), ...headers });
    this.#response.end(body);
  }

  json(body: string): Promise<void> {
    return this.answer({ status: 200, contentType: 'application/json', body });
  }

  refuse(problem: Problem): Promise<void> {
    return this.answer(toRefusal(problem));
  }

  /** A status line and headers until the client leaves. */
  async sendHeadersForEver(): Promise<void> {
    const { socket } = this.#response;
    if (socket === null) {
      return;
    }
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n');
    for (let count = 0; this.isOpen; count++) {
      if (socket.write(`x-endless-${count}: ${'x'.repeat(1000)}\r\n`)) {
        await this.waitUntil(performance.now() + 1);
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          socket.once('drain', resolve);
        });
      }
    }
  }

  /** Closes the connection after what was written so far. */
  cut(): void {
    this.#wasCut = true;
    this.#response.socket?.destroySoon();
  }

  /** Says nothing more until the client leaves. */
  stall(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isOpen) {
        this.#response.once('close', resolve);
      } else {
        resolve();
      }
    });
  }
}

export function toRefusal(problem: Problem): WholeAnswer {
  const { status, retryAfterSeconds } = problem;
  const answer = { status, contentType: 'application/json', body: toErrorBody(problem) };
  return retryAfterSeconds === undefined
    ? answer
    : { ...answer, headers: { 'retry-after': String(retryAfterSeconds) } };
}
