import type { PluginOptions } from "@docusaurus/plugin-content-docs";
import actions from "../actions.json";

type Generator = NonNullable<PluginOptions["sidebarItemsGenerator"]>;
type Item = Awaited<ReturnType<Generator>>[number];

const PAGES_OF_ACTIONS = "core-systems/action-handler/actions/";

/** What the folders hold; the actions by their wire ids, in the order of the enum. */
export const inCanonicalOrder: Generator = async ({ defaultSidebarItemsGenerator, ...folder }) =>
  (await defaultSidebarItemsGenerator(folder)).map(ordered);

function ordered(item: Item): Item {
  if (item.type !== "category") return item;
  const items = item.items.map(ordered).map(named);
  return { ...item, items: items.every((one) => place(one) >= 0) ? items.sort((a, b) => place(a) - place(b)) : items };
}

function named(item: Item): Item {
  return item.type === "doc" && place(item) >= 0 ? { ...item, label: actions[place(item)], className: "action" } : item;
}

function place(item: Item): number {
  return item.type === "doc" && item.id.startsWith(PAGES_OF_ACTIONS)
    ? actions.indexOf(item.id.slice(PAGES_OF_ACTIONS.length))
    : -1;
}
