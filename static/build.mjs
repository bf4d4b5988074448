// Writes every bundle into its dist folder, and removes what an earlier build left there.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BUNDLES } from "./bundles.mjs";
import { bundleAll, ROOT } from "./bundling.mjs";

for (const [out, files] of await bundleAll(BUNDLES)) {
  await rm(join(ROOT, out), { recursive: true, force: true });
  await mkdir(join(ROOT, out), { recursive: true });
  for (const { file, bytes, size } of files) {
    await writeFile(join(ROOT, out, file), bytes);
    console.log(`${out}/${file}${size ? ` ${size} bytes gzipped` : ""}`);
  }
}
