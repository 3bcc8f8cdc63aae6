import { Center, Loader } from "@mantine/core";
import classes from "./Loading.module.css";

/** Stands where a page is to come; what comes at once is not preceded by a flash of it. */
export function Loading() {
  return (
    <Center className={classes.late} role="status" aria-label="Loading" mih="40vh">
      <Loader type="dots" />
    </Center>
  );
}
