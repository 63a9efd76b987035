// JavaScript, because Pulumi would hand a TypeScript entry to a compiler of its own; what it imports Node runs as it is.
import { PolicyPack } from "@pulumi/policy";
import { POLICIES } from "./policies.ts";

new PolicyPack("storytelling", { policies: [...POLICIES], enforcementLevel: "mandatory" });
