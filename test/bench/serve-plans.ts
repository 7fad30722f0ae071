/** A client in a process of its own: runs each plan that it is sent, one after the other, and sends back the result. */

export type Message<Result> = { ok: true; result: Result } | { ok: false; message: string };

export function servePlans<Result>(run: (plan: never) => Promise<Result>): void {
  const send = (message: Message<Result>): void => void process.send?.(message);
  process.on('message', (plan: unknown) => {
    run(plan as never).then(
      (result) => send({ ok: true, result }),
      (error: unknown) => send({ ok: false, message: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.once('disconnect', () => process.exit());
}
