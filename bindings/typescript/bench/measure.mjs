// Timing of functions that do the same work, round by round in turn, so that what the machine does besides meets
// all of them alike.

/**
 * @param {Record<string, (value: unknown) => boolean>} contenders - Functions by name.
 * @param {unknown[]} values - What they are called with, in turn.
 * @returns {Record<string, number>} The median time of one call, in nanoseconds, by name.
 */
export function medians(contenders, values, { rounds = 15, roundMs = 40 } = {}) {
  const names = Object.keys(contenders);
  const calls = Object.fromEntries(names.map((name) => [name, calibrate(contenders[name], values, roundMs)]));
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      times[name].push(time(contenders[name], values, calls[name]) / calls[name]);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])]));
}

/** How many calls take about a round; the calls that find it out also warm the function up. */
function calibrate(check, values, roundMs) {
  let calls = values.length;
  for (;;) {
    const nanoseconds = time(check, values, calls);
    if (nanoseconds > roundMs * 1e6) {
      return calls;
    }
    calls *= 2;
  }
}

function time(check, values, calls) {
  let accepted = 0;
  const began = process.hrtime.bigint();
  for (let call = 0; call < calls; call += 1) {
    accepted += check(values[call % values.length]) ? 1 : 0;
  }
  const ended = process.hrtime.bigint();
  if (accepted !== calls) {
    throw new Error("a contender refuses a value that all should accept");
  }
  return Number(ended - began);
}

function median(numbers) {
  return numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)];
}
