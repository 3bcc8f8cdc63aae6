import { Menu, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { useId } from "react";

const SCHEMES = [
  { value: "light", name: "Light", Icon: IconSun },
  { value: "dark", name: "Dark", Icon: IconMoon },
  { value: "auto", name: "As the system", Icon: IconDeviceDesktop },
] as const;

/** Light, dark, or what the system says: kept in this browser. */
export function SchemeItems() {
  const id = useId();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has no place in a menu, a group has
    <div role="group" aria-labelledby={id}>
      <Menu.Label id={id}>Colours</Menu.Label>
      {SCHEMES.map(({ value, name, Icon }) => (
        <Menu.RadioItem
          key={value}
          value={value}
          checked={colorScheme === value}
          onChange={() => setColorScheme(value)}
          closeMenuOnClick={false}
          rightSection={<Icon size={18} />}
        >
          {name}
        </Menu.RadioItem>
      ))}
    </div>
  );
}
