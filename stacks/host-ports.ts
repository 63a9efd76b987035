import type { PlatformConfig } from "./config/schema.ts";

/** A port of the host on which the platform listens. */
export interface HostPort {
  /** Its name under `hostPorts`. */
  readonly name: keyof PlatformConfig["hostPorts"];
  readonly address: string;
  readonly port: number;
}

const LOOPBACK = "127.0.0.1";

/**
 * The ports of a platform. Only the gateway listens where the configuration says: nothing else asks every client for a
 * password, so all others stay on this machine.
 */
export function platformPorts({ bindAddress, hostPorts, gateway, grafana }: PlatformConfig): HostPort[] {
  const addresses: Readonly<Partial<Record<HostPort["name"], string>>> = {
    gateway: bindAddress,
    ...(gateway.tls.mode === "off" ? {} : { gatewayTls: bindAddress }),
    prometheus: LOOPBACK,
    postgres: LOOPBACK,
    ...(grafana.enabled ? { grafana: LOOPBACK } : {}),
  };
  const names = Object.keys(hostPorts) as HostPort["name"][];
  return names.flatMap((name) => {
    const address = addresses[name];
    return address === undefined ? [] : [{ name, address, port: hostPorts[name] }];
  });
}
