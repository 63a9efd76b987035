import { readFileSync, writeFileSync } from "node:fs";
import { declaredContainers } from "./declared-containers.ts";
import { securityTable, withSecurityTable } from "./security-table.ts";

const file = new URL("../docs/security.md", import.meta.url);
const table = securityTable(await declaredContainers());
writeFileSync(file, withSecurityTable(readFileSync(file, "utf8"), table));
