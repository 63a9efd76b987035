import { describe, expect, it } from "vitest";
import { createOptions } from "../../../../offline/providers/docker/container/create-options.ts";
import { decimalCpus } from "../../../../offline/providers/docker/container/read-outputs.ts";

const minimal = { name: "c", image: "i", restart: "no", networkMode: "bridge" };

describe("the daemon's request for a container", () => {
  it("leaves to the daemon and the image what the program left out", () => {
    const options = createOptions(minimal);
    expect(Object.keys(options)).not.toEqual(expect.arrayContaining(["Cmd"]));
    expect(Object.keys(options.HostConfig ?? {})).not.toEqual(
      expect.arrayContaining(["Memory", "NanoCpus", "PortBindings", "Binds"]),
    );
  });

  it("sends init as false when it is left out, over the daemon's own default", () => {
    expect(createOptions(minimal).HostConfig?.Init).toBe(false);
  });

  it("turns megabytes into bytes and keeps unlimited swap", () => {
    const host = createOptions({ ...minimal, memory: 2, memorySwap: -1, shmSize: 1 }).HostConfig;
    expect(host).toMatchObject({ Memory: 2097152, MemorySwap: -1, ShmSize: 1048576 });
  });

  it("publishes two host ports of one container port", () => {
    const ports = [
      { internal: 80, external: 8080, ip: "127.0.0.1", protocol: "tcp" },
      { internal: 80, external: 0, ip: "0.0.0.0", protocol: "tcp" },
    ];
    expect(createOptions({ ...minimal, ports }).HostConfig?.PortBindings).toEqual({
      "80/tcp": [
        { HostIp: "127.0.0.1", HostPort: "8080" },
        { HostIp: "0.0.0.0", HostPort: "" },
      ],
    });
  });

  it.each([
    ["all", { Count: -1, Capabilities: [["gpu"]] }],
    ["device=0,2", { DeviceIDs: ["0", "2"], Capabilities: [["gpu"]] }],
  ])("asks for the GPUs %s", (gpus, request) => {
    expect(createOptions({ ...minimal, gpus }).HostConfig?.DeviceRequests).toEqual([request]);
  });

  it.each([
    [{ gpus: "some" }, 'gpus "some" is not known'],
    [{ command: ["a", ""] }, "values for command may not be empty"],
    [{ volumes: [{ volumeName: "v" }] }, "Volume entry without container path"],
    [{ mounts: [{ type: "nfs", target: "/x" }] }, 'mount type "nfs" is not known'],
  ])("fails on %j and names it", (wrong, message) => {
    expect(() => createOptions({ ...minimal, ...wrong })).toThrow(message);
  });
});

describe("the CPU limit in the state", () => {
  it.each([
    [5e8, "0.5"],
    [1e9, "1.0"],
    [25e8, "2.5"],
    [12e9, "12.0"],
  ])("of %d nano CPUs always has a decimal", (nanoCpus, text) => {
    expect(decimalCpus(nanoCpus)).toBe(text);
  });
});
