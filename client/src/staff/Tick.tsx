import { type ComponentProps, useEffect, useRef } from "react";
import classes from "./Tick.module.css";

interface Props extends Omit<ComponentProps<"input">, "type"> {
  /** Some of what it stands for is chosen, and some is not. */
  isMixed?: boolean;
}

/** A box to tick, and what stands beside it. */
export function Tick({ isMixed = false, className, children, ...props }: Props) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = isMixed;
  }, [isMixed]);
  return (
    <label className={className}>
      <input ref={box} type="checkbox" className={classes.tick} {...props} />
      {children}
    </label>
  );
}
