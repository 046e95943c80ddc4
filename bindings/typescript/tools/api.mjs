// The public surface of a package: the declarations of what its entry exports, sorted by name, without comments.
import { fileURLToPath } from "node:url";
import ts from "typescript-api";

const printer = ts.createPrinter({ removeComments: true });

/** The entries of a package that have types, such as `.` and `./browser`. */
export function entries(manifest) {
  return Object.entries(manifest.exports)
    .filter(([, target]) => typeof target === "object")
    .map(([entry, target]) => ({ entry, types: target.import.types }));
}

/** The declarations that an entry's type file exports, as one text. */
export function surface(file) {
  const path = fileURLToPath(file);
  const program = ts.createProgram([path], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path));
  return checker
    .getExportsOfModule(module)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((symbol) => declarations(checker, symbol).map((text) => `// ${symbol.name}\n${text}\n`))
    .join("\n");
}

function declarations(checker, symbol) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.declarations ?? []).map((declaration) => {
    // A variable's declaration alone does not say that it is a constant.
    const whole = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    return printer.printNode(ts.EmitHint.Unspecified, whole, whole.getSourceFile());
  });
}
