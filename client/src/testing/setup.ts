import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import "./missingInJsdom";

afterEach(cleanup);
