/**
 * The runtime in a real browser, on WebGPU: Chromium with a software adapter, so that no GPU is needed. Without a
 * Chromium it fails and says so; PERIGEE_CHROMIUM names another one than Debian's.
 */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageInput, PageReport } from './report.ts';
import { servePage, type PageServer } from './serve.ts';

const CHROMIUM = process.env['PERIGEE_CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const TEXTS: PageInput['texts'] = [
  { task: 'sst2', text: 'a warm and funny film' },
  { task: 'sst2', text: 'dull , slow and far too long' },
  { task: 'trec', text: 'How many moons has Jupiter ?' },
  { task: 'sst2', text: 'two hours that felt like ten' },
  { task: 'trec', text: 'Who wrote The Master and Margarita ?' },
];

let server: PageServer;
let browser: Browser;
let page: Page;
let report: PageReport;

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`expected a Chromium at ${CHROMIUM} (or the one that PERIGEE_CHROMIUM names), received none`);
  }
  server = await servePage('page.ts');
  browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  page = await browser.newPage();
  page.on('console', (message) => console.log(`page: ${message.text()}`));
  page.on('pageerror', (error) => console.log(`page: ${error.message}`));
  await page.goto(server.url);
  await page.waitForFunction(() => 'askRuntime' in globalThis);
  report = await page.evaluate(
    (input) => (globalThis as unknown as { askRuntime(input: PageInput): Promise<PageReport> }).askRuntime(input),
    { texts: TEXTS },
  );
  const said = JSON.stringify(summarise(report), null, 2);
  console.log(said);
  await page.evaluate((words) => {
    document.querySelector('pre')?.append(words);
  }, said);
  const shot = process.env['PERIGEE_SCREENSHOT'];
  if (shot !== undefined) {
    await page.screenshot({ path: shot, fullPage: true });
  }
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe('in Chromium with a software adapter', () => {
  it('there is an adapter', () => {
    expect(report.adapter).toMatchObject({ isThere: true, architecture: 'swiftshader' });
  });

  it('the provider of a model is chosen by what was measured', () => {
    const { provider, reason, measuredMs } = report.text.measured;
    const { wasm = 0, webgpu = 0 } = measuredMs ?? {};
    expect(Math.min(wasm, webgpu)).toBeGreaterThan(0);
    expect([provider, reason]).toEqual(
      webgpu <= 0.9 * wasm ? ['webgpu', 'measured as faster'] : ['wasm', 'WebGPU measured as no faster'],
    );
  });

  it('texts are classified on WebGPU as they are on WebAssembly', () => {
    const { wasm, webgpu } = report.text;
    expect([wasm.choice.provider, webgpu.choice.provider]).toEqual(['wasm', 'webgpu']);
    expect(webgpu.labels).toEqual(wasm.labels);
    expect(distance(webgpu.probabilities, wasm.probabilities)).toBeLessThan(0.02);
  });

  it('and embedded as well', () => {
    const { wasm, webgpu, choice } = report.minilm;
    expect(choice.provider).toBe('webgpu');
    expect(Math.min(...wasm.map((vector, at) => dot(vector, webgpu[at] ?? [])))).toBeGreaterThan(0.999);
  });

  it('a device that is lost is not noticed by those who ask', () => {
    const { before, after, probabilities } = report.lost;
    expect([before.provider, after.provider]).toEqual(['webgpu', 'wasm']);
    expect(after.reason).toMatch(/^WebGPU /);
    expect(probabilities.slice(1)).toEqual(report.text.wasm.probabilities.slice(1));
  });
});

function summarise({ adapter, text, minilm, lost, heapMiB }: PageReport) {
  const fastest = (times: number[]): number => Math.round(Math.min(...times) * 10) / 10;
  return {
    adapter,
    measured: text.measured,
    text: {
      labels: { wasm: text.wasm.labels, webgpu: text.webgpu.labels },
      largestDifference: distance(text.webgpu.probabilities, text.wasm.probabilities),
      fastestMs: { wasm: fastest(text.wasm.tookMs), webgpu: fastest(text.webgpu.tookMs) },
    },
    minilm: { cosines: minilm.wasm.map((vector, at) => dot(vector, minilm.webgpu[at] ?? [])) },
    lost: { before: lost.before.provider, after: lost.after },
    heapMiB,
  };
}

function distance(a: number[][], b: number[][]): number {
  return Math.max(...a.flatMap((row, at) => row.map((value, i) => Math.abs(value - (b[at]?.[i] ?? Number.NaN)))));
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? Number.NaN), 0);
}
