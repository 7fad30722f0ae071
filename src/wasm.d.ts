/** WebAssembly imports: wrangler compiles them when the Worker is uploaded, workerd forbids it at run time. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
