// A harness adapter to start from: it answers the operations on revisions, and says that it has no others yet.
const maximum = 2n ** 64n - 1n;

class Refusal extends Error {
  constructor(code, pointer, message) {
    super(message);
    Object.assign(this, { code, pointer });
  }
}

function revision(value, pointer = "") {
  if (typeof value !== "string") throw new Refusal("wrong-type", pointer, `a revision is a string, and this is ${JSON.stringify(value)}`);
  // Without the flag `m`, `$` is the end of the text and nothing else.
  if (!/^(?:0|[1-9][0-9]{0,19})$/.test(value) || BigInt(value) > maximum)
    throw new Refusal("invalid-revision", pointer, `a revision is a decimal from 0 to 2^64-1, and this is ${JSON.stringify(value)}`);
  return BigInt(value);
}

const compare = (left, right) => Number(left > right) - Number(left < right);

const operations = {
  hello: () => ({ protocol: 1, implementation: "newcomer", version: "0.1.0", language: "javascript", profiles: ["core"] }),
  "revision.parse": (input) => String(revision(input.value)),
  "revision.next": (input) => String(revision(input.value) === maximum ? maximum : revision(input.value) + 1n),
  "revision.compare": (input) => compare(revision(input.left, "/left"), revision(input.right, "/right")),
};

function answer({ id, op, input }) {
  if (!Object.hasOwn(operations, op)) return { id, result: "not-implemented" };
  try {
    return { id, result: "ok", value: operations[op](input) };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { id, result: "error", code: refusal.code, pointer: refusal.pointer, message: refusal.message };
  }
}

// A line ends at \n alone; JSON has other line separators inside its strings.
let rest = "";
for await (const chunk of process.stdin.setEncoding("utf8")) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
