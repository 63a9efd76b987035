/** One place that apt takes packages from. */
export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

/** Where Debian packages come from. */
export interface DebianMirrors {
  readonly packages: string;
  readonly security: string;
}

/** What a file of apt's configuration names: one-line entries (`*.list`) or paragraphs (`*.sources`). */
export function parseAptSources(file: string, text: string): readonly AptSource[] {
  return file.endsWith(".sources") ? parseParagraphs(text) : parseLines(text);
}

/**
 * The mirrors of a Debian host: the first source over HTTP that has the component `main` of the host's suite, and
 * the one of its security suite. Undefined on another distribution, whose mirror need not carry Debian.
 */
export function findDebianMirrors(
  sources: readonly AptSource[],
  codename: string,
): DebianMirrors | undefined {
  const main = sources.filter(
    ({ uri, components }) => /^https?:.*debian/.test(uri) && components.includes("main"),
  );
  const packages = main.find(({ suites }) => suites.includes(codename) || suites.includes("stable"))?.uri;
  if (packages === undefined) return undefined;
  const security = main.find(({ suites }) => suites.some((suite) => suite.endsWith("-security")))?.uri;
  // Mirrors carry `debian-security` beside `debian`.
  return { packages, security: security ?? packages.replace(/debian\/?$/, "debian-security") };
}

/** The `sources.list` of an image of a suite. */
export function sourcesList({ packages, security }: DebianMirrors, suite: string): string {
  return [
    `deb ${packages} ${suite} main`,
    `deb ${packages} ${suite}-updates main`,
    `deb ${security} ${suite}-security main`,
    "",
  ].join("\n");
}

/** The settings by which the host reaches its mirrors, from `apt-config dump`: proxies and what is checked. */
export function reachabilitySettings(dump: string): string {
  const lines = dump
    .split("\n")
    .filter(
      (line) => /^Acquire::(https?::|Check-Valid-Until |Check-Date )/.test(line) && !line.endsWith(' "";'),
    );
  return lines.map((line) => `${line}\n`).join("");
}

function parseLines(text: string): AptSource[] {
  const entries = text.matchAll(/^deb[ \t]+(?:\[[^\]]*\][ \t]+)?(\S+)[ \t]+(\S+)[ \t]+([^#\n]+)/gm);
  return [...entries].map(([, uri = "", suite = "", components = ""]) => ({
    uri,
    suites: [suite],
    components: words(components),
  }));
}

function parseParagraphs(text: string): AptSource[] {
  return text
    .replaceAll(/^#.*\n?/gm, "")
    .split(/\n\s*\n/)
    .map(parseFields)
    .filter((fields) => words(fields.get("types")).includes("deb") && fields.get("enabled") !== "no")
    .flatMap((fields) =>
      words(fields.get("uris")).map((uri) => ({
        uri,
        suites: words(fields.get("suites")),
        components: words(fields.get("components")),
      })),
    );
}

function parseFields(paragraph: string): ReadonlyMap<string, string> {
  const fields = paragraph.matchAll(/^([A-Za-z-]+):((?:.*\n?)(?:[ \t]+.*\n?)*)/gm);
  return new Map([...fields].map(([, name = "", value = ""]) => [name.toLowerCase(), value.trim()]));
}

function words(text = ""): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
