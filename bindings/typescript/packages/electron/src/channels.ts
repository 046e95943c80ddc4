import { isTopic } from "@statesync/protocol";

/** The channel on which the main process sends the events of a topic (TRA-29). */
export function invalidationChannel(topic: string): string {
  return `statesync:${checkTopic(topic)}:invalidated`;
}

/** The channel on which the main process answers with the snapshot of a topic (TRA-29). */
export function snapshotChannel(topic: string): string {
  return `statesync:${checkTopic(topic)}:snapshot`;
}

function checkTopic(topic: string): string {
  if (!isTopic(topic)) {
    throw new TypeError(`the topic is ${JSON.stringify(topic)}; expected a text that is not blank`);
  }
  return topic;
}

/** The topic of a channel of one kind; nothing where it is no such channel. */
export function topicOfChannel(channel: unknown, kind: "invalidated" | "snapshot"): string | undefined {
  const begin = "statesync:";
  const end = `:${kind}`;
  if (typeof channel !== "string" || !channel.startsWith(begin) || !channel.endsWith(end)) {
    return undefined;
  }
  const topic = channel.slice(begin.length, -end.length);
  // The two colons may be one and the same character, as in `statesync:snapshot`.
  return channel === begin + topic + end && isTopic(topic) ? topic : undefined;
}
