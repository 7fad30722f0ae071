/** Runs in workerd: a chain of stages on made-up hidden states, with the gateway's own sessions, to be timed. */
import { createModelFiles } from '../../src/bindings/model-files.ts';
import { createStage, heapBytes } from '../../src/bindings/onnx-sessions.ts';
import { runToEnd, type StageSession } from '../../src/local/run-stages.ts';
import type { StagesAnswer, StagesBody, StagesManifest } from './stages-messages.ts';

interface Env {
  ASSETS: Fetcher;
  MANIFEST: StagesManifest;
}

let stages: StageSession[] | null = null;

export default {
  async fetch(request, env) {
    stages ??= await load(env);
    const { tokens, runs } = await request.json<StagesBody>();
    const { width } = env.MANIFEST;
    const values = Float32Array.from({ length: tokens * width }, (_, at) => 0.05 * Math.sin(at * (at % 7)));
    for (let run = 0; run < runs; run++) {
      await runToEnd(stages, { values, tokens, width });
    }
    const answer: StagesAnswer = { heapBytes: heapBytes() ?? 0 };
    return Response.json(answer);
  },
} satisfies ExportedHandler<Env>;

/** One file after the other, as the gateway does, so that the heap grows as it would there. */
async function load({ ASSETS, MANIFEST }: Env): Promise<StageSession[]> {
  const files = createModelFiles(MANIFEST, ASSETS);
  const loaded: StageSession[] = [];
  for (const { file, input, output } of MANIFEST.stages) {
    loaded.push(await createStage(await files.read(file), { input, output }, null));
  }
  return loaded;
}
