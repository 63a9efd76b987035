const PATIENCE_MILLISECONDS = 4_000;

/** Whether a web site answers at all, whatever it says. Asked before a download that would try for minutes. */
export async function isReachable(url: string): Promise<boolean> {
  return fetch(url, { method: "HEAD", signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) }).then(
    () => true,
    () => false,
  );
}

/** Whether one of several sites answers. */
export async function isAnyReachable(urls: readonly string[]): Promise<boolean> {
  return (await Promise.all(urls.map(isReachable))).includes(true);
}
