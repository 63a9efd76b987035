/** Files that are plain functions and data, and load no SDK. */
const PURE = [
  "^components/.+\\.(config|rules|dashboard)\\.ts$",
  "^components/core/(units|health|yaml|hash|errors|http-route|build-context|go-memory|handles|config-file|container-defaults|hardening|written-at-start|owner-labels)\\.ts$",
  "^components/stage/(names|definition|definition-problems|events|profiles|route|stage-routes|service-(hardening|labels|mounts|probe)|environment/identity-service|rules/((definition|route)-schema|fields))\\.ts$",
  "^components/traefik/(labels/.+|basic-auth|local-plugins|entry-plugins|request-rates|response-timeouts|shared-middlewares)\\.ts$",
  "^components/(prometheus/scrape-labels|telemetry/collector-config|grafana/(panels|queries))\\.ts$",
  "^stacks/(catalog|checks)/",
  "^stacks/config/(decode|fields|gateway|gateway-tls|identity|schema|explain)\\.ts$",
  "^stacks/(attached-stages|host-ports|identity|outputs|standalone-definition)\\.ts$",
];

/**
 * The arrows of the architecture: index -> stacks -> components/<service> -> components/core. Every rule is an
 * error; none has an exception that is not written here.
 *
 * @type {import("dependency-cruiser").IConfiguration}
 */
export default {
  forbidden: [
    {
      name: "no-cycle",
      comment: "A cycle hides which of the two knows the other.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unresolvable",
      comment: "An import that is not there fails at run time only.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-undeclared-package",
      comment: "A package that package.json does not name is there by luck.",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-dev-package-at-run-time",
      comment: "What runs on the user's machine is installed without the development tools.",
      severity: "error",
      from: { path: "^(index\\.ts|stacks|components|cli|offline|policy)(/|$)" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nothing-imports-the-entry",
      comment: "index.ts declares resources when it is loaded.",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^index\\.ts$" },
    },
    {
      name: "nothing-imports-tests",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    {
      name: "nothing-imports-scripts",
      severity: "error",
      from: { pathNot: "^(scripts|test)/" },
      to: { path: "^scripts/" },
    },
    {
      name: "entry-only-wires",
      comment: "index.ts reads the configuration and hands it on; composition is in stacks/.",
      severity: "error",
      from: { path: "^index\\.ts$" },
      to: { path: "^(components|cli|offline)/" },
    },
    {
      name: "stacks-below-the-cli",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: "^(cli|offline|scripts)/" },
    },
    {
      name: "components-know-no-deployment",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^(stacks|cli|offline|scripts|examples)/" },
    },
    {
      name: "core-knows-no-service",
      severity: "error",
      from: { path: "^components/core/" },
      to: { path: "^components/(?!core/)" },
    },
    {
      name: "services-do-not-know-each-other",
      comment: "They meet in stacks/platform.ts through the handles of components/core.",
      severity: "error",
      from: { path: "^components/([^/]+)/", pathNot: "^components/core/" },
      to: { path: "^components/", pathNot: "^components/(core|$1)/" },
    },
    {
      name: "policy-judges-from-outside",
      comment: "It sees what Pulumi sees, for whatever program; the labels are their common language.",
      severity: "error",
      from: { path: "^policy/" },
      to: {
        path: "^(stacks|components|cli|offline|scripts)/",
        pathNot: "^components/core/owner-labels\\.ts$",
      },
    },
    {
      name: "offline-is-for-the-set-up",
      comment: "The platform does not know where its programs came from.",
      severity: "error",
      from: { pathNot: "^(offline|test|cli/setup)/" },
      to: { path: "^offline/" },
    },
    {
      name: "offline-below-the-cli",
      severity: "error",
      from: { path: "^offline/" },
      to: { path: "^(cli|scripts)/" },
    },
    {
      name: "pure-files-need-no-engine",
      comment:
        "Renderers, rules and data are plain functions: their tests, the CLI and the docs load no SDK.",
      severity: "error",
      from: { path: PURE },
      to: { path: "node_modules/@pulumi/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "pure-files-stay-pure",
      comment: "What a pure file loads must be pure itself, else it brings the SDK along.",
      severity: "error",
      from: { path: PURE },
      to: { path: "^(stacks|components)/", pathNot: PURE, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "one-container",
      comment: "Every container goes through ManagedContainer, which knows the traps of the provider.",
      severity: "error",
      from: { path: "^(stacks|components)/", pathNot: "^components/(core|network)/" },
      to: { path: "node_modules/@pulumi/docker/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(examples|coverage)/" },
    tsPreCompilationDeps: "specify",
    // policy/ has a manifest of its own for Pulumi; its packages are those of the repository.
    combinedDependencies: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".mjs", ".js"],
    },
  },
};
