// The bundles that the front end is made of. Add an entry here to have it built, checked and sized.
//
// name    file name in `out`; a hashed bundle becomes name.<hash>.js and is listed in manifest.json
// limit   the most bytes the bundle may have after gzip -9
// define  constants for this bundle, computed from the bundles of the same folder built before it
// entry   a script, or a style sheet, which becomes name.css
// format  "iife" for a script tag (the default), "esm" for what a script imports when it needs it
export const BUNDLES = [
  {
    name: "stream",
    entry: "static/widget/src/stream.ts",
    out: "static/widget/dist",
    format: "esm",
    hashed: true,
    limit: 1_500,
  },
  {
    name: "app",
    entry: "static/widget/src/define.ts",
    out: "static/widget/dist",
    hashed: true,
    limit: 12_000,
    define: (built) => ({ STREAM_FILE: built.stream.file }),
  },
  {
    name: "loader",
    entry: "static/widget/src/loader.ts",
    out: "static/widget/dist",
    hashed: false,
    limit: 1_500,
    define: (built) => ({
      APP_FILE: built.app.file,
      APP_INTEGRITY: built.app.integrity,
    }),
  },
  {
    name: "dashboard",
    entry: "static/dashboard/src/main.ts",
    out: "static/dashboard/dist",
    hashed: false,
    limit: 3_000,
  },
  {
    name: "styles",
    entry: "static/dashboard/src/styles/index.css",
    out: "static/dashboard/dist",
    hashed: false,
    limit: 4_000,
  },
  {
    name: "editor",
    entry: "static/dashboard/src/editor.ts",
    out: "static/dashboard/dist",
    hashed: false,
    limit: 150_000,
  },
];
