import { execa } from "execa";
import { expect, test } from "vitest";
import { docker, runIn } from "../support/host.ts";
import type { LivePlatform } from "../support/live-platform.ts";

/** What was done behind Pulumi's back is found, named and repaired. */
export function healing(platform: LivePlatform): void {
  test("`up` finds, names and repairs what was done by hand to containers, databases and roles", async () => {
    await execa("docker", ["rm", "--force", "storytelling-loki"]);
    await execa("docker", ["stop", "nlp-celery-worker"]);
    await execa("docker", ["kill", "cleaning-celery-worker"]);
    await execa("docker", ["update", "--memory=400m", "--memory-swap=400m", "cleaning-orchestrator"]);
    await replaceByHand("nlp-ner-service");
    await sql("DROP DATABASE stage2_nlp WITH (FORCE)");
    await sql("ALTER ROLE stage1_user CONNECTION LIMIT 3");

    const output = await platform.checkout.succeed("up");

    expect(output).toContain("container storytelling-loki was removed");
    expect(output).toMatch(/container nlp-celery-worker is stopped/);
    expect(output).toMatch(/container cleaning-celery-worker is stopped \(exit code 137\)/);
    expect(output).toMatch(/container cleaning-orchestrator was changed/);
    expect(output).toContain("container nlp-ner-service was replaced by hand");
    expect(output).toContain("database stage2_nlp was dropped");
    expect(output).toMatch(/role stage1_user was altered/);
    expect(output).toMatch(/✔ \d+ checks passed/);
    await platform.checkout.succeed("up", "--expect-no-changes");
  });

  test("a lost volume is made again only by whoever accepts that its data is gone", async () => {
    await execa("docker", ["rm", "--force", "storytelling-tempo"]);
    await execa("docker", ["volume", "rm", "storytelling-tempo-data"]);

    const refused = await platform.checkout.storytelling("up");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain("storytelling-tempo-data");
    expect(refused.output).toContain("--accept-data-loss");
    await expect(docker.getVolume("storytelling-tempo-data").inspect()).rejects.toThrow("no such volume");

    await platform.checkout.succeed("up", "--accept-data-loss", "--skip-verify");
  });

  test("a container of somebody else under a name of the platform is set aside and never removed", async () => {
    const { Config } = await docker.getContainer("cleaning-celery-worker").inspect();
    await execa("docker", ["rm", "--force", "cleaning-celery-worker"]);
    await execa("docker", ["run", "--detach", "--name=cleaning-celery-worker", Config.Image, "sleep", "600"]);
    const { Id } = await docker.getContainer("cleaning-celery-worker").inspect();

    const output = await platform.checkout.succeed("up", "--skip-verify");

    const stranger = await docker.getContainer(Id).inspect();
    expect(stranger.Name).toMatch(/^\/cleaning-celery-worker-set-aside-/);
    expect(output).toContain(stranger.Name.slice(1));
    await execa("docker", ["rm", "--force", Id]);
  });
}

/** As a person or a tool does it: the same name and labels, another container. */
async function replaceByHand(name: string): Promise<void> {
  const { Config } = await docker.getContainer(name).inspect();
  const labels = Object.entries(Config.Labels).map(([label, value]) => `--label=${label}=${value}`);
  await execa("docker", ["rm", "--force", name]);
  await execa("docker", ["run", "--detach", `--name=${name}`, ...labels, Config.Image, "sleep", "600"]);
}

async function sql(statement: string): Promise<void> {
  await runIn("storytelling-postgres", "psql", "-U", "storytelling_admin", "-d", "postgres", "-c", statement);
}
