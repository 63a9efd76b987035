import { describe, expect, test } from "vitest";
import {
  findDebianMirrors,
  parseAptSources,
  reachabilitySettings,
  sourcesList,
} from "../../../../offline/images/apt-sources.ts";

const PARAGRAPHS = `Types: deb deb-src
# a comment between the fields
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
 contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://switched-off.example/debian
Suites: bookworm
Components: main
`;

const LINES = `# deb http://comment.example/debian bookworm main
deb-src http://sources.example/debian bookworm main
deb [arch=amd64 signed-by=/etc/key.gpg] https://vendor.example/linux/debian bookworm stable
deb http://lines.example/debian/ bookworm main contrib # the one
`;

describe("sources of apt", () => {
  test("reads paragraphs: several suites, continued fields, comments; a switched-off one is no source", () => {
    expect(parseAptSources("debian.sources", PARAGRAPHS)).toEqual([
      {
        uri: "http://mirror.example/debian",
        suites: ["bookworm", "bookworm-updates"],
        components: ["main", "contrib"],
      },
      {
        uri: "http://mirror.example/debian-security",
        suites: ["bookworm-security"],
        components: ["main"],
      },
    ]);
  });

  test("reads one-line entries with and without options; comments and source packages are no source", () => {
    expect(parseAptSources("sources.list", LINES)).toEqual([
      { uri: "https://vendor.example/linux/debian", suites: ["bookworm"], components: ["stable"] },
      { uri: "http://lines.example/debian/", suites: ["bookworm"], components: ["main", "contrib"] },
    ]);
  });
});

describe("the host's Debian mirrors", () => {
  test("are those of its own suite and of its security suite", () => {
    expect(findDebianMirrors(parseAptSources("debian.sources", PARAGRAPHS), "bookworm")).toEqual({
      packages: "http://mirror.example/debian",
      security: "http://mirror.example/debian-security",
    });
  });

  test("passes over a vendor's repository, and derives the security mirror where none is configured", () => {
    expect(findDebianMirrors(parseAptSources("sources.list", LINES), "bookworm")).toEqual({
      packages: "http://lines.example/debian/",
      security: "http://lines.example/debian-security",
    });
  });

  test("a host of another distribution has none", () => {
    const ubuntu = parseAptSources("sources.list", "deb http://archive.example/ubuntu noble main universe\n");

    expect(findDebianMirrors(ubuntu, "noble")).toBeUndefined();
  });

  test("a mirror that debootstrap cannot read from is passed over", () => {
    const cdrom = parseAptSources("sources.list", "deb cdrom:[debian]/ bookworm main\n");

    expect(findDebianMirrors(cdrom, "bookworm")).toBeUndefined();
  });
});

test("the image gets packages, updates and security fixes of its own suite", () => {
  expect(
    sourcesList({ packages: "http://m.example/debian", security: "http://s.example/sec" }, "trixie"),
  ).toBe(
    [
      "deb http://m.example/debian trixie main",
      "deb http://m.example/debian trixie-updates main",
      "deb http://s.example/sec trixie-security main",
      "",
    ].join("\n"),
  );
});

test("the image gets the host's proxy and what it checks of mirrors, and nothing else of its apt settings", () => {
  const dump = [
    'APT::Architecture "amd64";',
    'Acquire::http::Proxy "http://proxy.example:3128";',
    'Acquire::https::CAInfo "/etc/ca.pem";',
    'Acquire::http "";',
    'Acquire::Check-Valid-Until "false";',
    'Acquire::Languages "none";',
    "",
  ].join("\n");

  expect(reachabilitySettings(dump)).toBe(
    [
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::https::CAInfo "/etc/ca.pem";',
      'Acquire::Check-Valid-Until "false";',
      "",
    ].join("\n"),
  );
});
