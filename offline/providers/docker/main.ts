import { serve } from "../bridge/serve.ts";
import { dockerProvider } from "./provider.ts";

serve(dockerProvider);
