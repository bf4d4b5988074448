// Bundles one list of entry points in memory, the same bytes every time.
import { createHash } from "node:crypto";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A style sheet that a script imports comes as its text, with the sheets that it imports. */
const stylesAsText = {
  name: "styles-as-text",
  setup(on) {
    on.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await build({
        entryPoints: [path],
        bundle: true,
        minify: true,
        write: false,
      });
      return { contents: outputFiles[0].text.trim(), loader: "text" };
    });
  },
};

function constants(values) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]),
  );
}

async function bundle({ name, entry, format, hashed, limit, define }, built) {
  const kind = extname(entry) === ".css" ? "css" : "js";
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: format ?? "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    define: define ? constants(define(built)) : {},
    plugins: kind === "js" ? [stylesAsText] : [],
  });
  const bytes = outputFiles[0].contents;
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return {
    file: hashed ? `${name}.${hash}.${kind}` : `${name}.${kind}`,
    hashed,
    integrity: `sha384-${createHash("sha384").update(bytes).digest("base64")}`,
    bytes,
    size: gzipSync(bytes, { level: 9 }).length,
    limit,
  };
}

/** Answers a map from folder to its files: [{file, bytes, size?, limit?}], manifest.json included. */
export async function bundleAll(bundles) {
  const folders = new Map();
  for (const spec of bundles) {
    const built = folders.get(spec.out) ?? {};
    built[spec.name] = await bundle(spec, built);
    folders.set(spec.out, built);
  }
  return new Map([...folders].map(([out, built]) => [out, [...files(built)]]));
}

function* files(built) {
  yield* Object.values(built);
  const hashed = Object.entries(built).filter(([, { hashed }]) => hashed);
  const manifest = Object.fromEntries(hashed.map(([name, { file }]) => [name, file]));
  yield { file: "manifest.json", bytes: Buffer.from(`${JSON.stringify(manifest)}\n`) };
}
