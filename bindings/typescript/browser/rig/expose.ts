/**
 * For page scripts: makes functions callable from a test, as `tab.call("name", …)`. Arguments and results are JSON
 * values; what is called may be asynchronous.
 */
export function expose(subject: object): void {
  (globalThis as { subject?: object }).subject = subject;
}
