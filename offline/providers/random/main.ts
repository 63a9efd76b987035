import { serve } from "../bridge/serve.ts";
import { randomProvider } from "./provider.ts";

serve(randomProvider);
