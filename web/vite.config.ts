import { defineConfig } from "vite";

// The pages are rendered by the server: each entry only adds to one of them. The manifest tells the
// server which files an entry became (pages/frame.py).
export default defineConfig({
  base: "/built/",
  build: {
    outDir: "../src/aidgraph/server/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    license: { fileName: "licences.md" }, // of the libraries in it: the package carries them
    target: "es2022",
    // A module is no inline script, and a data: address would be one more thing to allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400, // the editor's, on its own page
    rolldownOptions: {
      // YASQE carries a stand-in for JSON.parse that no browser of today runs; the policy forbids it.
      checks: { eval: false },
      input: ["src/main.ts", "src/chart.ts", "src/article.ts", "src/editor.ts"],
    },
  },
});
