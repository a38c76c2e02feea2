// SPDX-License-Identifier: Apache-2.0
//
// Checks manifests against the types of Kubernetes and of the Prometheus Operator: `node check.mjs MODULES FILE...`,
// where MODULES is the folder node_modules that tests/fetch-helm.sh made. A fault is a line; then the exit code is 1.
//
// Two checks, because neither sees all: the schemas' own validators know formats, ranges and what is required, but let
// unknown keys pass; the compiler, given each manifest as a literal of its type, refuses those.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(join(modules, 'any.js'));
const yaml = require('yaml');
const ts = require('typescript');

const faults = [];
const manifests = [];
for (const file of files) {
  const documents = yaml.parseAllDocuments(readFileSync(file, 'utf8'), { uniqueKeys: true });
  documents.forEach((document, index) => {
    const place = `${basename(file)}[${index}]`;
    for (const error of document.errors) faults.push(`${place}: ${error.message}`);
    const value = document.toJS();
    if (value !== null && document.errors.length === 0) manifests.push({ place, value });
  });
}

const fileOf = ({ apiVersion, kind }) => join(modules, apiVersion?.startsWith('monitoring.coreos.com/')
  ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models', `${apiVersion}/${kind}.js`);

// Each manifest as `const mN: IKind = {...};`, so that a fault's line leads back to it.
const lines = [];
for (const manifest of manifests) {
  const { apiVersion, kind } = manifest.value;
  manifest.place += ` ${kind} ${manifest.value.metadata?.name}`;
  const file = fileOf(manifest.value);
  if (!existsSync(file)) {
    faults.push(`${manifest.place}: there is no ${kind} in ${apiVersion}`);
    continue;
  }
  const model = (await import(pathToFileURL(file)))[kind];
  try {
    new model(manifest.value).validate();
  } catch (error) {
    faults.push(`${manifest.place}: ${error.message}`);
  }
  lines.push({ manifest, text: `export const m${lines.length}: import("${file}").I${kind} = ` });
}

const source = [];
const owners = [];
for (const { manifest, text } of lines) {
  const body = (text + JSON.stringify(manifest.value, null, 1) + ';').split('\n');
  source.push(...body);
  owners.push(...body.map((line) => ({ manifest, line })));
}

const name = join(dirname(modules), 'manifests.ts');
const options = {
  strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
};
const host = ts.createCompilerHost(options);
const read = host.getSourceFile;
host.getSourceFile = (path, ...rest) => (path === name
  ? ts.createSourceFile(path, source.join('\n'), options.target, true) : read(path, ...rest));
const program = ts.createProgram([name], options, host);
for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
  const at = diagnostic.file?.fileName === name
    ? owners[diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line] : undefined;
  faults.push(at ? `${at.manifest.place}: ${at.line.trim().slice(0, 80)} : ${text}` : text);
}

for (const fault of faults) console.log(fault);
console.log(`${manifests.length} manifests, ${faults.length} faults`);
process.exitCode = faults.length > 0 || manifests.length === 0 ? 1 : 0;
