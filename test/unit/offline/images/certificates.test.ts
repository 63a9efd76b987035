import { describe, expect, test } from "vitest";
import { addedCertificates, splitCertificates } from "../../../../offline/images/certificates.ts";

function certificate(body: string): string {
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`;
}

describe("certificates of the host", () => {
  test("a bundle is split into its certificates, whatever stands between them", () => {
    const bundle = `# first\n${certificate("AAAA")}\n\n# second\n${certificate("BBBB")}\n`;

    expect(splitCertificates(bundle)).toEqual([certificate("AAAA"), certificate("BBBB")]);
  });

  test("only what the host trusts beyond its distribution goes into the image, each once", () => {
    const shipped = [certificate("AAAA"), certificate("BBBB")];
    const trusted = [
      [certificate("AAAA"), certificate("OWN1"), certificate("BBBB")].join("\n"),
      [certificate("OWN1"), certificate("OWN2")].join("\n"),
    ];

    expect(addedCertificates(trusted, shipped)).toEqual([certificate("OWN1"), certificate("OWN2")]);
  });

  test("a certificate is the same with other line ends and widths", () => {
    const shipped = [certificate("AAAABBBB")];

    expect(addedCertificates([certificate("AAAA\r\nBBBB")], shipped)).toEqual([]);
  });
});
