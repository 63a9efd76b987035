import { serve } from "../bridge/serve.ts";
import { postgresqlProvider } from "./provider.ts";

serve(postgresqlProvider);
