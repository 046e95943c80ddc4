/**
 * Asks again until the answer is as wanted. Between two questions the event loop turns, so that real input arrives; the time-out
 * of the test is the limit.
 */
export async function until<T>(ask: () => T | Promise<T>, accept: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (accept(answer)) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
