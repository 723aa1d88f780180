// Style sheet and scripts of the pages: govuk-frontend by sass, our own CSS behind it, TypeScript islands by esbuild.
// usage: node web/build.mjs OUTDIR
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";
import * as esbuild from "esbuild";

const web = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(web, "dist");
mkdirSync(out, { recursive: true });

const govuk = sass.compile(join(web, "css/main.scss"), {
  importers: [new sass.NodePackageImporter(web)],
  quietDeps: true,
  silenceDeprecations: ["import"],
}).css;
const own = readFileSync(join(web, "css/tongban.css"), "utf8");
const css = esbuild.transformSync(govuk + own, { loader: "css", minify: true, charset: "utf8", target: "chrome90" });
writeFileSync(join(out, "tongban.css"), css.code);

const islands = existsSync(join(web, "ts")) ? readdirSync(join(web, "ts")).filter((f) => f.endsWith(".ts")) : [];
if (islands.length)
  esbuild.buildSync({
    entryPoints: islands.map((f) => join(web, "ts", f)),
    bundle: true, minify: true, charset: "utf8", target: "es2020", format: "iife", outdir: out,
  });
