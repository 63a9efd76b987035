import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";

/** Requests that go on until they are stopped, at most so many. */
export interface Load {
  /** Ends it and returns how often each answer came: a status, or `no answer`. */
  stop(): Promise<Record<string, number>>;
}

/** Asks a URL from this host, one request after the other. */
export function loadFromHost(
  url: string,
  { pause, most }: { readonly pause: number; readonly most: number },
): Load {
  const answers: string[] = [];
  const control = new AbortController();
  const running = (async () => {
    while (!control.signal.aborted && answers.length < most) {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
      await answer?.arrayBuffer();
      answers.push(answer === undefined ? "no answer" : String(answer.status));
      await sleep(pause);
    }
  })();
  return {
    async stop() {
      control.abort();
      await running;
      return counted(answers);
    },
  };
}

/** Asks a URL from inside a container, without the gateway and its rate limit, for at most `seconds`. */
export function loadFromContainer(container: string, url: string, seconds: number): Load {
  const request = `curl --silent --max-time 5 --output /dev/null --write-out '%{http_code}\\n' ${url} || true`;
  const script = `touch /tmp/load; for i in $(seq ${seconds * 10}); do [ -f /tmp/load ] || break; ${request}; sleep 0.1; done`;
  const running = execa("docker", ["exec", container, "sh", "-c", script]);
  return {
    async stop() {
      await execa("docker", ["exec", container, "rm", "-f", "/tmp/load"]);
      const { stdout } = await running;
      return counted(stdout.split("\n").map((code) => (code === "000" ? "no answer" : code)));
    },
  };
}

function counted(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}
