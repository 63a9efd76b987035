/** What differs between any two runs, by logical name: ids, addresses, random values, times. */
export const VOLATILE_STATE: Readonly<Record<string, readonly string[]>> = {
  network: ["id", "outputs.id", "outputs.ipamConfigs[0].gateway", "outputs.ipamConfigs[0].subnet"],
  image: ["id", "outputs.id", "outputs.imageId"],
  id: ["id", "outputs.id", "outputs.b64Std", "outputs.b64Url", "outputs.dec", "outputs.hex"],
  password: ["outputs.result.plaintext", "outputs.bcryptHash.plaintext"],
  container: [
    "id",
    "outputs.id",
    "outputs.networkDatas[0].gateway",
    "outputs.networkDatas[0].ipAddress",
    "outputs.networkDatas[0].ipPrefixLength",
    "outputs.networkDatas[0].macAddress",
  ],
  pg: [
    "id",
    "outputs.id",
    // The first half of the id.
    "outputs.hostname",
    "outputs.networkDatas[0].gateway",
    "outputs.networkDatas[0].ipAddress",
    "outputs.networkDatas[0].ipPrefixLength",
    "outputs.networkDatas[0].macAddress",
    // Given by the image, which is not the recorded one.
    "outputs.stopSignal",
  ],
  // Locale of the server that the image starts.
  database: ["outputs.lcCollate", "outputs.lcCtype"],
};

/** The same for `docker inspect`. */
export const VOLATILE_INSPECTION: readonly string[] = [
  "Id",
  "Created",
  "Image",
  "ResolvConfPath",
  "HostnamePath",
  "HostsPath",
  "LogPath",
  "GraphDriver.Data",
  "State.Pid",
  "State.StartedAt",
  "State.Health.Log",
  // A probe may be running at this moment.
  "ExecIDs",
  "NetworkSettings.SandboxID",
  "NetworkSettings.SandboxKey",
  "NetworkSettings.Networks.t7net.NetworkID",
  "NetworkSettings.Networks.t7net.EndpointID",
  "NetworkSettings.Networks.t7net.Gateway",
  "NetworkSettings.Networks.t7net.IPAddress",
  "NetworkSettings.Networks.t7net.IPPrefixLen",
  "NetworkSettings.Networks.t7net.MacAddress",
  // The third alias is the first half of the id.
  "NetworkSettings.Networks.t7net.Aliases[2]",
  // What the image has of its own stands beside what was given; compared by themselves.
  "Config.Env",
  "Config.Labels",
];
