/** Starts one simulator from the command line, says where it listens, and stops cleanly on SIGTERM and SIGINT. */
import { toOptions, USAGE } from './arguments.ts';
import { startSimulator } from './server.ts';

await main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return;
  }
  try {
    const simulator = await startSimulator(toOptions(args));
    const stop = (): void => void simulator.close();
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    console.log(`simulator ${simulator.region} listens on ${simulator.url}`);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 1;
  }
}
