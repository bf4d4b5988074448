// Reads a response of server-sent events as frames. Comments and other fields are passed over.
import type { ServerFrame } from "./frames.ts";

export async function* readEvents(response: Response): AsyncGenerator<ServerFrame> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const chunk = await reader?.read();
    if (!chunk || chunk.done) return;
    const events = (rest + chunk.value).split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    for (const event of events) {
      const data = dataOf(event);
      if (data) yield JSON.parse(data) as ServerFrame;
    }
  }
}

function dataOf(event: string): string {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice(5).trimStart()).join("\n");
}
