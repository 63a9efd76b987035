/** Stages by their routes at the gateway, under which this page is served, too. */
const STAGES = ["cleaning", "nlp", "embeddings", "clustering", "graph", "timeline", "public"];
const REFRESH_MILLISECONDS = 10_000;
const ANSWER_POLLS = 30;

async function healthOf(stage) {
  try {
    const response = await fetch(`/api/v1/${stage}/health`);
    if (response.status === 404) return "absent";
    return response.ok ? "healthy" : "unhealthy";
  } catch {
    return "unhealthy";
  }
}

function row(stage, health) {
  const cells = [stage, health].map((text) => Object.assign(document.createElement("td"), { textContent: text }));
  cells[1].className = health;
  const element = document.createElement("tr");
  element.append(...cells);
  return element;
}

async function showHealth() {
  const states = await Promise.all(STAGES.map(healthOf));
  document.querySelector("#stages").replaceChildren(...STAGES.map((stage, index) => row(stage, states[index])));
}

/** Sends a text to stage 1 and waits for its result; the pipeline goes on from there by events. */
async function processText(text) {
  const response = await fetch("/api/v1/cleaning/process", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
  if (!response.ok) throw new Error(`stage 1 answers ${response.status}`);
  const { status_url } = await response.json();
  for (let poll = 0; poll < ANSWER_POLLS; poll += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const result = await (await fetch(status_url)).json();
    if (result.status !== "pending") return result;
  }
  throw new Error("stage 1 has not processed the document yet");
}

document.querySelector("#document").addEventListener("submit", async (event) => {
  event.preventDefault();
  const output = document.querySelector("#result");
  output.textContent = "…";
  try {
    output.textContent = JSON.stringify(await processText(new FormData(event.target).get("text")), null, 2);
  } catch (error) {
    output.textContent = error.message;
  }
});

showHealth();
setInterval(showHealth, REFRESH_MILLISECONDS);
