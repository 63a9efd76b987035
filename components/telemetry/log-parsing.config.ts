/**
 * From a line of a Docker log file to a log record. The receiver takes Docker's envelope apart and decides whose line
 * it is; the processor reads what the line itself says.
 */

/** Severity numbers of OpenTelemetry by the words that applications write, in lower case. */
const SEVERITIES: readonly (readonly [words: string, text: string, severity: string])[] = [
  ["trace", "TRACE", "SEVERITY_NUMBER_TRACE"],
  ["debug", "DEBUG", "SEVERITY_NUMBER_DEBUG"],
  ["info|notice", "INFO", "SEVERITY_NUMBER_INFO"],
  ["warn|warning", "WARN", "SEVERITY_NUMBER_WARN"],
  ["error|err", "ERROR", "SEVERITY_NUMBER_ERROR"],
  ["fatal|critical|panic|alert|emergency", "FATAL", "SEVERITY_NUMBER_FATAL"],
];

/** Operators of the file receiver, in order. */
export function dockerLogOperators() {
  return [
    { type: "json_parser", parse_to: "attributes" },
    // Containers of the platform say who they are (see the log options of ManagedContainer); others are not ours to read.
    { type: "filter", expr: "attributes.attrs == nil or attributes.attrs.service == nil" },
    {
      type: "time_parser",
      parse_from: "attributes.time",
      layout_type: "gotime",
      layout: "2006-01-02T15:04:05.999999999Z07:00",
    },
    // Docker cuts a line after 16 KiB; only its last piece ends with a newline.
    {
      type: "recombine",
      combine_field: "attributes.log",
      combine_with: "",
      is_last_entry: 'attributes.log endsWith "\\n"',
      source_identifier: 'attributes["log.file.path"]',
      force_flush_period: "5s",
    },
    { type: "regex_replace", field: "attributes.log", regex: "\\n$", replace_with: "" },
    { type: "move", from: "attributes.log", to: "body" },
    { type: "move", from: "attributes.attrs.service", to: "resource.service" },
    { type: "move", from: "attributes.attrs.tag", to: "resource.container_name" },
    // Only a stage's containers have a stage; every other one is the platform's.
    { type: "add", field: "resource.stage", value: 'EXPR(attributes.attrs.stage ?? "platform")' },
    { type: "retain", fields: ["attributes.stream"] },
  ];
}

/**
 * Statements of the transform processor. A JSON line stays as it was written, so that `| json` works on it; its ids,
 * level and event are known beside it, where a search finds them without being labels.
 */
export function jsonBodyStatements(): string[] {
  return [
    'set(log.cache, ParseJSON(log.body)) where IsString(log.body) and IsMatch(log.body, "^\\\\{.*\\\\}$")',
    ...field("trace_id", ["trace_id", "TraceId"]),
    ...field("span_id", ["span_id", "SpanId"]),
    ...field("request_id", ["request_id", "request_X-Request-Id"]),
    ...field("event", ["event"]),
    // A well-formed id becomes the record's trace context; any other stays an attribute.
    ...traceContext("trace_id", 32),
    ...traceContext("span_id", 16),
    ...SEVERITIES.flatMap(([words, text, severity]) => {
      const isLevel = `where IsString(log.cache["level"]) and IsMatch(log.cache["level"], "^(?i)(${words})$")`;
      return [
        `set(log.severity_number, ${severity}) ${isLevel}`,
        `set(log.severity_text, "${text}") ${isLevel}`,
      ];
    }),
  ];
}

/** The first of the names under which a JSON line has the field. */
function field(name: string, names: readonly string[]): string[] {
  return names.map(
    (source) => `set(log.attributes["${name}"], log.cache["${source}"]) where log.cache["${source}"] != nil`,
  );
}

function traceContext(name: "trace_id" | "span_id", digits: number): string[] {
  const isId = `IsString(log.attributes["${name}"]) and IsMatch(log.attributes["${name}"], "^[0-9a-f]{${digits}}$")`;
  return [
    `set(log.${name}.string, log.attributes["${name}"]) where ${isId}`,
    `delete_key(log.attributes, "${name}") where ${isId}`,
  ];
}
